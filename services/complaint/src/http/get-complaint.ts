import { type Endpoint, endpoint } from '@bijli/service';
import { getComplaint } from '../store/get-complaint.ts';
import { complaintHeaders, complaintReply, complaintSchema } from './complaint-view.ts';
import type { HttpContext } from './context.ts';
import { refusalReply, refusedAs } from './problems.ts';
import { complaintParams } from './request-schemas.ts';

/** GET /v1/complaints/{number}: a complaint as it stands. */
export function getComplaintEndpoint({ db }: Pick<HttpContext, 'db'>): Endpoint {
  return endpoint({
    method: 'get',
    path: '/v1/complaints/{number}',
    operationId: 'getComplaint',
    summary: 'One complaint',
    description: 'As it stands, with the clock of its service standard.',
    params: complaintParams,
    responses: {
      200: { description: 'The complaint', body: complaintSchema, headers: complaintHeaders },
      ...refusedAs('no-such-complaint'),
    },
    handle: async ({ params }) => {
      const complaint = await getComplaint(db, params.number);
      return complaint === null ? refusalReply('no-such-complaint') : complaintReply(complaint);
    },
  });
}
