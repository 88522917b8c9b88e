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
    summary: 'Say that it is fixed, and ask the consumer',
    body: z.strictObject({}).meta({ id: 'Resolution' }),
    decideIn: (tx, { number, change }, moment) =>
      workOnComplaint(tx, number, { type: 'resolve-complaint', ...change, answerWithinMs }, moment),
  });
}
