import { idempotencyKey, ifMatch } from '@bijli/service';
import { z } from 'zod';
import { causeCodes } from '../domain/causes.ts';
import { MAX_NODES, NODE_CODE } from '../domain/limits.ts';
import { refusalWords } from '../domain/refusal-words.ts';

/** Codes of nodes, each once. Whether the network has them is decided later. */
export const nodeIds = z
  .array(z.string().regex(NODE_CODE, 'Write a code of 1 to 40 visible ASCII characters'))
  .min(1)
  .max(MAX_NODES)
  .refine((codes) => new Set(codes).size === codes.length, {
    error: refusalWords['duplicate-node'],
    params: { rule: 'duplicate-node' },
  })
  .meta({
    description: 'Codes of network nodes, of any kind; everything below them is without supply',
    example: ['F-1203'],
    uniqueItems: true,
  });

export const cause = z.enum(causeCodes).meta({ description: 'A code of GET /v1/causes' });
export const outageParams = z.object({ id: z.uuid().meta({ description: 'Id of the outage' }) });
export const onceHeaders = z.object({ 'idempotency-key': idempotencyKey.optional() });
export const changeHeaders = z.object({ 'if-match': ifMatch.optional() });
