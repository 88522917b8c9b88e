import { type Endpoint, endpoint } from '@bijli/service';
import { newId } from '@bijli/units';
import { z } from 'zod';
import { lodgeComplaint } from '../flows/lodge-complaint.ts';
import { answerInTransaction } from './answer-in-transaction.ts';
import { complaintHeaders, lodgedComplaintSchema, lodgedReply } from './complaint-view.ts';
import type { HttpContext } from './context.ts';
import { refusedAs } from './problems.ts';
import { accountNumber, area, kind, onceHeaders } from './request-schemas.ts';

const headers = complaintHeaders.extend({ location: z.string().meta({ description: 'Address of the complaint' }) });

/** POST /v1/complaints: lodges a complaint and gives its number at once. There is no free text: it would travel. */
export function lodgeComplaintEndpoint(context: HttpContext): Endpoint {
  return endpoint({
    method: 'post',
    path: '/v1/complaints',
    operationId: 'lodgeComplaint',
    summary: 'Lodge a complaint; its number is in the answer',
    description:
      'Where an open outage explains it, it is answered at once; where the connection has an open complaint ' +
      'of the kind, it joins that one (200). There is no free text.',
    headers: onceHeaders,
    body: z.strictObject({ accountNumber, kind, area: area.default('town') }).meta({ id: 'Lodging' }),
    examples: () => ({ body: { accountNumber: '4100000005', kind: 'no-supply' } }),
    responses: {
      201: { description: 'Lodged, or answered by an open outage', body: lodgedComplaintSchema, headers },
      200: { description: 'It joins the one that is open', body: lodgedComplaintSchema, headers },
      ...refusedAs('unknown-account', 'connection-closed'),
    },
    handle: ({ body, headers: given }) =>
      answerInTransaction(
        context,
        { operation: 'lodge-complaint', idempotencyKey: given['idempotency-key'], request: body },
        async (tx, moment) => {
          const lodging = { type: 'lodge-complaint', complaintId: newId(), eventId: newId(), ...body } as const;
          const { decision, joined } = await lodgeComplaint(tx, lodging, moment);
          const isOther = decision.accepted && decision.events.length > 0;
          return { decision, reply: (complaint) => lodgedReply(complaint, { joined, isOther }) };
        },
      ),
  });
}
