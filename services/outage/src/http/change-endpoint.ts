import { type Endpoint, endpoint } from '@bijli/service';
import { newId } from '@bijli/units';
import type { z } from 'zod';
import type { Alone, ChangingCommand } from '../domain/commands.ts';
import type { RejectionCode } from '../domain/decision.ts';
import { changeOutage } from '../flows/change-outage.ts';
import { answerInTransaction } from './answer-in-transaction.ts';
import type { HttpContext } from './context.ts';
import { changedOutageSchema, outageHeaders } from './outage-view.ts';
import { type FieldFor, refusedAs } from './problems.ts';
import { changeHeaders, onceHeaders, outageParams } from './request-schemas.ts';

type Asked = { readonly eventId: string; readonly basedOn: number | null };
type ChangeSpec<Body extends z.ZodType> = {
  readonly method: 'post' | 'put';
  /** Last part of the address. */
  readonly step: string;
  readonly operationId: string;
  readonly summary: string;
  readonly description: string;
  readonly body: Body;
  readonly example: (now: Date) => z.input<Body>;
  /** What a 200 says. */
  readonly done: string;
  /** Refusals beside those of every change. */
  readonly refusals: readonly RejectionCode[];
  readonly fieldFor?: FieldFor;
  readonly command: (asked: Asked, body: z.output<Body>) => Alone<ChangingCommand>;
};

/** Describes a request to /v1/outages/{id}/<step>, which changes one outage: once per key, `If-Match` guarding. */
export function changeEndpoint<Body extends z.ZodType>(context: HttpContext, spec: ChangeSpec<Body>): Endpoint {
  const { method, step, operationId, summary, description, body, example, done, refusals, fieldFor = {} } = spec;
  // A PUT repeats itself: the second changes nothing, and says so.
  const headers = method === 'put' ? changeHeaders : onceHeaders.extend(changeHeaders.shape);
  return endpoint({
    method,
    path: `/v1/outages/{id}/${step}`,
    operationId,
    summary,
    description,
    params: outageParams,
    headers,
    body,
    examples: (now) => ({ body: example(now) }),
    responses: {
      200: { description: done, body: changedOutageSchema, headers: outageHeaders },
      ...refusedAs('no-such-outage', 'stale-version', ...refusals),
    },
    handle: ({ params, headers: said, body: given }) =>
      answerInTransaction(
        context,
        {
          operation: commandName(operationId),
          idempotencyKey: keyOf(said),
          request: { ...params, ...(given as object) },
        },
        async (tx, moment) => {
          const asked = { eventId: newId(), basedOn: said['if-match'] ?? null };
          // `given` was parsed with this very schema; the compiler does not follow that through the type parameter.
          const command = spec.command(asked, given as z.output<Body>);
          return { ...(await changeOutage(tx, params.id, command, moment)), status: 200, fieldFor };
        },
      ),
  });
}

/** The name under which an `Idempotency-Key` counts: `restore-supply`. */
const commandName = (operationId: string): string =>
  operationId.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
const keyOf = (said: object): string | undefined =>
  (said as { readonly 'idempotency-key'?: string })['idempotency-key'];
