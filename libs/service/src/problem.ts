import type { z } from 'zod';
import type { Reply } from './endpoint.ts';
import { safeSegment } from './strict-json.ts';

/** One thing wrong with a request: where (JSON pointer from /body, /query, /params or /headers), which rule, and the rule in words. */
export type RequestError = { readonly field: string; readonly rule: string; readonly detail: string };
export const PROBLEM_TYPE = 'application/problem+json';

/**
 * Makes an RFC 9457 problem as a reply. `code` is the literal that clients switch on, `title` its meaning in
 * words; `extra` may carry `errors` and ids. Nothing in it may repeat a value of the request.
 */
export function problem(
  status: number,
  code: string,
  title: string,
  extra: Readonly<Record<string, unknown>> = {},
  headers: Readonly<Record<string, string>> = {},
): Reply {
  return {
    status,
    body: { type: `/problems/${code}`, title, status, code, ...extra },
    contentType: PROBLEM_TYPE,
    headers,
  };
}

/** Refuses a request by the list of what is wrong with it. */
export function invalidRequest(errors: readonly RequestError[]): Reply {
  return problem(400, 'invalid-request', 'The request is not valid', { errors });
}

/** Refuses an `Idempotency-Key` that was used with another request. */
export function keyReused(): Reply {
  return problem(422, 'key-reused', 'This Idempotency-Key was used with another request', {
    errors: [
      { field: '/headers/idempotency-key', rule: 'key-reused', detail: 'Use a new key for another request' },
    ] satisfies RequestError[],
  });
}

/** What zod finds, in the words of our problems. */
export function requestErrors(
  root: 'body' | 'query' | 'params' | 'headers',
  issues: readonly z.core.$ZodIssue[],
): RequestError[] {
  return issues.flatMap((issue) => {
    const field = pointer(root, issue.path);
    if (issue.code !== 'unrecognized_keys') return [{ field, rule: ruleOf(issue), detail: issue.message }];
    return issue.keys.map((key) => ({
      field: `${field}/${safeSegment(key)}`,
      rule: 'unknown-field',
      detail: 'This field is not known here',
    }));
  });
}

function pointer(root: string, path: readonly PropertyKey[]): string {
  return `/${root}${path.map((segment) => `/${typeof segment === 'number' ? segment : safeSegment(String(segment))}`).join('')}`;
}

function ruleOf(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined ? 'required' : 'type';
    case 'too_big':
      return 'maximum';
    case 'too_small':
      return 'minimum';
    case 'invalid_format':
      return 'format';
    case 'invalid_value':
      return 'choice';
    case 'custom':
      return typeof issue.params?.['rule'] === 'string' ? issue.params['rule'] : 'rule';
    default:
      return issue.code.replaceAll('_', '-');
  }
}
