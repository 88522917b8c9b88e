import type { Endpoint } from '@bijli/service';
import { z } from 'zod';
import { workOnComplaint } from '../flows/change-complaint.ts';
import { changeEndpoint } from './change-endpoint.ts';
import type { HttpContext } from './context.ts';

/** POST /v1/complaints/{number}/resolution: somebody says it is fixed, so the consumer is asked; nothing is closed by it. */
export function resolveComplaint(context: HttpContext): Endpoint {
  const { answerWithinMs } = context;
  return changeEndpoint(context, {
    step: 'resolution',
    operationId: 'resolveComplaint',
    summary: 'Say that it is fixed, and ask the consumer',
    description: 'Nothing is closed by it: the consumer is asked, and has time to answer.',
    body: z.strictObject({}).meta({ id: 'Resolution' }),
    example: {},
    refusals: ['already-answered', 'already-resolved', 'already-closed'],
    decideIn: (tx, { number, change }, moment) =>
      workOnComplaint(tx, number, { type: 'resolve-complaint', ...change, answerWithinMs }, moment),
  });
}
