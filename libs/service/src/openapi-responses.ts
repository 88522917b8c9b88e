import type { OpenAPIRegistry, ResponseConfig } from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';
import type { Endpoint, Responses } from './endpoint.ts';
import { PROBLEM_TYPE } from './problem.ts';

const requestError = z
  .strictObject({
    field: z
      .string()
      .meta({ description: 'JSON pointer from /body, /query, /params or /headers', example: '/body/nodeIds/0' }),
    rule: z.string().meta({ description: 'The rule that was broken, as a literal', example: 'required' }),
    detail: z.string().meta({ description: 'The rule in words' }),
    line: z.int().optional().meta({ description: 'Line of the file, where one was sent' }),
  })
  .meta({ id: 'RequestError' });

/** RFC 9457, with our `code` and `errors`. */
const problemDetails = z
  .looseObject({
    type: z.string().meta({ example: '/problems/invalid-request' }),
    title: z.string().meta({ description: 'What is wrong with the request, in words' }),
    status: z.int(),
    code: z.string().meta({ description: 'Literal to switch on', example: 'invalid-request' }),
    errors: z.array(requestError).optional().meta({ description: 'What is wrong, field by field' }),
  })
  .meta({ id: 'Problem', description: 'A problem (RFC 9457)' });

/** Status of a key that was used with another request. */
const KEY_REUSED = 422;
const problemContent = { [PROBLEM_TYPE]: { schema: problemDetails } };
const answers = {
  InvalidRequest: 'The request is not valid: `errors` names each field and rule, among them fields that are not known',
  TooSlow: 'The body did not arrive in time',
  TooLarge: 'The body is too large',
  UnsupportedMediaType: 'The body is of another type, in another charset or compressed',
  KeyReused: 'The Idempotency-Key was used with another request before',
} as const;

type Reference = { readonly $ref: string };
/** Gives a reference to a problem that many endpoints answer; the first one writes it into the document. */
export type SharedResponses = (name: keyof typeof answers) => Reference;

/** Makes the problems that many endpoints answer, so that each is written once in a document, and only where it is used. */
export function sharedResponses(registry: OpenAPIRegistry): SharedResponses {
  const written = new Map<string, Reference>();
  // The generator writes components as they are, so the schema is referred to by name; every endpoint's `default` brings it in.
  const content = { [PROBLEM_TYPE]: { schema: { $ref: '#/components/schemas/Problem' } } };
  return (name) => {
    const known = written.get(name);
    if (known !== undefined) return known;
    const { ref } = registry.registerComponent('responses', name, { description: answers[name], content });
    written.set(name, ref);
    return ref;
  };
}

type Answers = Record<string, ResponseConfig | Reference>;

/** Tells whether an endpoint takes an `Idempotency-Key`. */
export function isOnce({ schemas }: Endpoint): boolean {
  return schemas.headers instanceof z.ZodObject && 'idempotency-key' in schemas.headers.shape;
}

/** Gives the problems that follow from what an endpoint takes; its own refusals are among its `responses`. */
export function problemResponses(endpoint: Endpoint, shared: SharedResponses): Answers {
  const { schemas, rawBody } = endpoint;
  const takesJson = schemas.body !== undefined;
  return {
    400: shared('InvalidRequest'),
    ...(takesJson ? { 408: shared('TooSlow'), 413: shared('TooLarge') } : {}),
    ...(takesJson || rawBody !== undefined ? { 415: shared('UnsupportedMediaType') } : {}),
    ...(isOnce(endpoint) && endpoint.responses[KEY_REUSED] === undefined ? { [KEY_REUSED]: shared('KeyReused') } : {}),
    default: { description: 'Any other problem; 503 names in Retry-After when to ask again', content: problemContent },
  };
}

/** Turns the answers that an endpoint declares into those of the document. From 400 on an answer is a problem. */
export function responsesOf(responses: Responses, mayReuseKey: boolean): Answers {
  return Object.fromEntries(
    Object.entries(responses).map(([status, response]) => {
      const alsoReused = mayReuseKey && Number(status) === KEY_REUSED ? `. \`key-reused\`: ${answers.KeyReused}` : '';
      return [status, responseOf(Number(status), { ...response, description: response.description + alsoReused })];
    }),
  );
}

function responseOf(status: number, { description, body, headers, contentType }: Responses[number]): ResponseConfig {
  if (status >= 400) return { description, content: problemContent };
  const type = contentType ?? (body === undefined ? undefined : 'application/json');
  return {
    description,
    ...(headers === undefined ? {} : { headers }),
    ...(type === undefined ? {} : { content: { [type]: { schema: body ?? z.string() } } }),
  };
}
