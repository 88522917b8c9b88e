import type { Transaction } from '@bijli/postgres';
import { type Endpoint, endpoint } from '@bijli/service';
import { newId } from '@bijli/units';
import type { z } from 'zod';
import type { ComplaintDecision, RejectionCode } from '../domain/complaint.ts';
import type { Moment } from '../flows/save-decision.ts';
import { answerInTransaction } from './answer-in-transaction.ts';
import { changedComplaintSchema, complaintHeaders } from './complaint-view.ts';
import type { HttpContext } from './context.ts';
import { refusedAs } from './problems.ts';
import { changeHeaders, complaintParams } from './request-schemas.ts';

/** What a change is asked with: the number, the body, and what every changing command carries. */
export type AskedChange<Body> = {
  readonly number: string;
  readonly body: Body;
  readonly change: { readonly eventId: string; readonly basedOn: number | null };
};
type ChangeSpec<Body extends z.ZodType> = {
  /** Last part of the address, and the name under which an `Idempotency-Key` counts. */
  readonly step: string;
  readonly operationId: string;
  readonly summary: string;
  readonly description: string;
  readonly body: Body;
  readonly example: z.input<Body>;
  /** Refusals beside those of every change. */
  readonly refusals: readonly RejectionCode[];
  readonly decideIn: (
    tx: Transaction,
    asked: AskedChange<z.output<Body>>,
    moment: Moment,
  ) => Promise<ComplaintDecision>;
};

/** Describes POST /v1/complaints/{number}/<step>, which changes one complaint: once per key, `If-Match` guarding. */
export function changeEndpoint<Body extends z.ZodType>(context: HttpContext, spec: ChangeSpec<Body>): Endpoint {
  const { step, operationId, summary, description, body, example, refusals, decideIn } = spec;
  return endpoint({
    method: 'post',
    path: `/v1/complaints/{number}/${step}`,
    operationId,
    summary,
    description,
    params: complaintParams,
    headers: changeHeaders,
    body,
    examples: () => ({ body: example }),
    responses: {
      200: { description: 'The complaint after it', body: changedComplaintSchema, headers: complaintHeaders },
      ...refusedAs('no-such-complaint', 'stale-version', ...refusals),
    },
    handle: ({ params: { number }, headers, body: given }) =>
      answerInTransaction(
        context,
        { operation: step, idempotencyKey: headers['idempotency-key'], request: { number, given } },
        async (tx, moment) => {
          // `given` was parsed with this very schema; the compiler does not follow that through the type parameter.
          const change = { eventId: newId(), basedOn: headers['if-match'] ?? null };
          return { decision: await decideIn(tx, { number, body: given as z.output<Body>, change }, moment) };
        },
      ),
  });
}
