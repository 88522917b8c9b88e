import type { Endpoint } from '@bijli/service';
import { z } from 'zod';
import { workOnComplaint } from '../flows/change-complaint.ts';
import { changeEndpoint } from './change-endpoint.ts';
import type { HttpContext } from './context.ts';

/** POST /v1/complaints/{number}/work: the office has begun. */
export function beginWork(context: HttpContext): Endpoint {
  return changeEndpoint(context, {
    step: 'work',
    operationId: 'beginWork',
    summary: 'Note that work has begun',
    description: 'The office that has it has begun.',
    body: z.strictObject({}).meta({ id: 'WorkBegun' }),
    example: {},
    refusals: ['not-assigned', 'work-begun', 'already-answered', 'already-resolved', 'already-closed'],
    decideIn: (tx, { number, change }, moment) =>
      workOnComplaint(tx, number, { type: 'begin-work', ...change }, moment),
  });
}
