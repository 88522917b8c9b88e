import type { IncomingMessage } from 'node:http';
import type { z } from 'zod';
import type { Asked, Endpoint, Reply } from './endpoint.ts';
import { invalidRequest, problem, type RequestError, requestErrors } from './problem.ts';
import { hasBody, readJsonBody } from './read-body.ts';
import { safeSegment } from './strict-json.ts';

type Incoming = {
  readonly request: IncomingMessage;
  readonly params: Record<string, unknown>;
  readonly search: string;
  readonly signal: AbortSignal;
};
type Parts = { readonly params: unknown; readonly query: unknown; readonly body: unknown; readonly headers: unknown };

/** Checks a request against its endpoint, collecting everything that is wrong, and then lets the endpoint handle it. */
export async function dispatch(endpoint: Endpoint, incoming: Incoming): Promise<Reply> {
  const { request, signal } = incoming;
  const query = parseQuery(incoming.search);
  if (query.errors.length > 0) return invalidRequest(query.errors);

  const body = await bodyOf(endpoint, request);
  if (!body.ok) return body.refusal;

  const given: Parts = {
    params: { ...incoming.params },
    query: query.values,
    body: body.value,
    headers: request.headers,
  };
  const { parsed, errors } = check(endpoint, given);
  if (errors.length > 0) return invalidRequest(errors);
  return endpoint.handle({ ...parsed, request, signal } as Asked);
}

async function bodyOf({ schemas, rawBody, maxBodyBytes }: Endpoint, request: IncomingMessage) {
  if (rawBody !== undefined) {
    const type = (request.headers['content-type'] ?? '').toLowerCase().split(';')[0]?.trim();
    const refusal = problem(415, 'unsupported-media-type', `Send ${rawBody}`, {}, { accept: rawBody });
    return type === rawBody ? ({ ok: true, value: undefined } as const) : ({ ok: false, refusal } as const);
  }
  if (schemas.body !== undefined) return readJsonBody(request, { maxBytes: maxBodyBytes });
  if (!hasBody(request)) return { ok: true, value: undefined } as const;
  const refusal = invalidRequest([{ field: '/body', rule: 'not-allowed', detail: 'This request takes no body' }]);
  return { ok: false, refusal: { ...refusal, headers: { connection: 'close' } } } as const;
}

function check({ schemas }: Endpoint, given: Parts): { parsed: Parts; errors: RequestError[] } {
  const errors: RequestError[] = [];
  const parse = (root: keyof Parts): unknown => {
    const schema = schemas[root];
    if (schema === undefined) {
      // Body and headers were looked at before, or are nobody's business.
      if (root === 'query') errors.push(...unknownQuery(given.query as object));
      return undefined;
    }
    const result: z.ZodSafeParseResult<unknown> = schema.safeParse(given[root], { reportInput: true });
    if (result.success) return result.data;
    errors.push(...requestErrors(root, result.error.issues));
    return undefined;
  };
  return {
    parsed: { params: parse('params'), query: parse('query'), body: parse('body'), headers: parse('headers') },
    errors,
  };
}

function unknownQuery(query: object): RequestError[] {
  return Object.keys(query).map((key) => ({
    field: `/query/${safeSegment(key)}`,
    rule: 'unknown-field',
    detail: 'This field is not known here',
  }));
}

/** Each name at most once, no arrays, no NUL: what a query means must not depend on who parses it. */
function parseQuery(search: string): { values: Record<string, string>; errors: RequestError[] } {
  const values: Record<string, string> = Object.create(null) as Record<string, string>;
  const errors: RequestError[] = [];
  for (const [key, value] of new URLSearchParams(search)) {
    const field = `/query/${safeSegment(key)}`;
    if (key in values) errors.push({ field, rule: 'duplicate-key', detail: 'This field is given twice' });
    if (key.includes('\0') || value.includes('\0'))
      errors.push({ field, rule: 'nul-character', detail: 'Text must not contain the character NUL' });
    values[key] = value;
  }
  return { values: { ...values }, errors };
}
