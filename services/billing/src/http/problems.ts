import { problem, refusalResponses, type Reply, type RequestError, type Responses } from '@bijli/service';
import type { RejectionCode } from '../domain/account.ts';
import { refusals } from '../domain/refusals.ts';

/** What is not there is 404, what contradicts the ledger 409; everything else is a rule that the request breaks, 422. */
const statuses: Partial<Record<RejectionCode, 404 | 409>> = {
  'unknown-account': 404,
  'unknown-payment': 404,
  'unknown-bill': 404,
  'reference-reused': 409,
  'already-reversed': 409,
  'already-cancelled': 409,
};

/** Describes refusals for the OpenAPI document. */
export function refusedAs(...codes: readonly RejectionCode[]): Responses {
  return refusalResponses(codes.map((code) => ({ status: statuses[code] ?? 422, code, words: refusals[code].words })));
}

/** Where the fields of a posting stand in a request. */
export type Place = { readonly at: string; readonly fieldFor?: Readonly<Record<string, string>> };

/** Says a refusal as one error of a request. The value is not repeated. */
export function errorOf(code: RejectionCode, { at, fieldFor = {} }: Place): RequestError {
  const { field, words } = refusals[code];
  return { field: fieldFor[field] ?? `${at}/${field}`, rule: code, detail: words };
}

/** Says a refusal as a problem. */
export function refusalReply(code: RejectionCode, place: Place): Reply {
  return problem(statuses[code] ?? 422, code, refusals[code].words, { errors: [errorOf(code, place)] });
}
