import type { Endpoint } from '@bijli/service';
import { z } from 'zod';
import { changeEndpoint } from './change-endpoint.ts';
import type { HttpContext } from './context.ts';
import { person } from './request-schemas.ts';

/** POST /v1/outages/{id}/approval: another person than its drafter approves planned work. */
export function approvePlannedWorkEndpoint(context: HttpContext): Endpoint {
  return changeEndpoint(context, {
    method: 'post',
    step: 'approval',
    operationId: 'approvePlannedWork',
    summary: 'Approve a draft of planned work',
    description: 'By another name than its drafter’s. Nobody is told: that is what the announcement is for.',
    body: z.strictObject({ approvedBy: person }).meta({ id: 'Approval' }),
    example: () => ({ approvedBy: 'Ravi Kumar' }),
    done: 'Approved',
    refusals: ['not-planned', 'not-a-draft', 'same-person', 'already-cancelled', 'already-restored', 'already-dropped'],
    command: (asked, body) => ({ type: 'approve-planned-work', ...asked, ...body }),
  });
}
