import type { Endpoint } from '@bijli/service';
import { z } from 'zod';
import { workOnComplaint } from '../flows/change-complaint.ts';
import { changeEndpoint } from './change-endpoint.ts';
import type { HttpContext } from './context.ts';
import { officeCode } from './request-schemas.ts';

/** POST /v1/complaints/{number}/assignment: gives an open complaint to an office, or to another one. */
export function assignComplaint(context: HttpContext): Endpoint {
  return changeEndpoint(context, {
    step: 'assignment',
    operationId: 'assignComplaint',
    summary: 'Give the complaint to an office',
    description: 'An open complaint goes to an office, or from one to another.',
    body: z.strictObject({ officeCode }).meta({ id: 'Assignment' }),
    example: { officeCode: 'JE-SADAR-03' },
    refusals: ['already-assigned', 'already-answered', 'already-resolved', 'already-closed'],
    decideIn: (tx, { number, body, change }, moment) =>
      workOnComplaint(tx, number, { type: 'assign-complaint', ...change, ...body }, moment),
  });
}
