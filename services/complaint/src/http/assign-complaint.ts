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
    summary: 'Give the complaint to an office',
    body: z.strictObject({ officeCode }).meta({ id: 'Assignment' }),
    decideIn: (tx, { number, body, change }, moment) =>
      workOnComplaint(tx, number, { type: 'assign-complaint', ...change, ...body }, moment),
  });
}
