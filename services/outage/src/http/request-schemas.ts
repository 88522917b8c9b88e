import { idempotencyKey, ifMatch, operatorText } from '@bijli/service';
import { z } from 'zod';
import { causeCodes } from '../domain/causes.ts';
import { MAX_NODES, NODE_CODE } from '../domain/limits.ts';
import { estimateSources } from '../domain/outage.ts';
import { refusalWords } from '../domain/refusal-words.ts';

/** Codes of nodes, each once. Whether the network has them is decided later. */
const nodeCodes = z
  .array(z.string().regex(NODE_CODE, 'Write a code of 1 to 40 visible ASCII characters'))
  .min(1)
  .max(MAX_NODES)
  .refine((codes) => new Set(codes).size === codes.length, {
    error: refusalWords['duplicate-node'],
    params: { rule: 'duplicate-node' },
  });

export const nodeIds = nodeCodes.meta({
  description: 'Codes of network nodes, of any kind; everything below them is without supply',
  example: ['F-1203'],
  uniqueItems: true,
});
export const exceptNodeIds = nodeCodes.optional().meta({
  description: 'Codes of nodes below those that are not meant, with everything below them',
  uniqueItems: true,
});
export const restoredNodeIds = nodeCodes.optional().meta({
  description: 'Codes of nodes to which supply is back, with everything below them; the whole outage where absent',
  uniqueItems: true,
});
export const estimateSource = z
  .enum(estimateSources)
  .optional()
  .meta({ description: 'Whom the time comes from; `control-room` where absent' });
export const isConfirmed = z
  .boolean()
  .optional()
  .meta({
    description:
      'false where a machine says it and no person has looked: it waits some minutes before anybody is told, and ' +
      'says nothing where it turns back within them. true where absent',
  });
/** Name of a person, until there is sign-in. */
export const person = operatorText(100).meta({ description: 'Name of a person', example: 'Asha Verma' });

export const cause = z.enum(causeCodes).meta({ description: 'A code of GET /v1/causes' });
export const outageParams = z.object({ id: z.uuid().meta({ description: 'Id of the outage' }) });
export const onceHeaders = z.object({ 'idempotency-key': idempotencyKey.optional() });
export const changeHeaders = z.object({ 'if-match': ifMatch.optional() });
