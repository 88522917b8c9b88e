import { OpenAPIRegistry, OpenApiGeneratorV31 } from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';
import type { Endpoint, Responses } from './endpoint.ts';
import { PROBLEM_TYPE } from './problem.ts';

const requestError = z.strictObject({
  field: z
    .string()
    .meta({ description: 'JSON pointer from /body, /query, /params or /headers', example: '/body/nodeIds/0' }),
  rule: z.string().meta({ description: 'The rule that was broken, as a literal', example: 'required' }),
  detail: z.string().meta({ description: 'The rule in words' }),
});

/** RFC 9457, with our `code` and `errors`. */
const problemDetails = z
  .looseObject({
    type: z.string().meta({ example: '/problems/invalid-request' }),
    title: z.string(),
    status: z.int(),
    code: z.string().meta({ description: 'Literal to switch on', example: 'invalid-request' }),
    errors: z.array(requestError).optional(),
  })
  .meta({ id: 'Problem' });

/** This function will make the OpenAPI 3.1 document of a service from its endpoints. */
export function openApiDocument(service: { name: string; version: string; endpoints: readonly Endpoint[] }): object {
  const registry = new OpenAPIRegistry();
  for (const endpoint of service.endpoints) registry.registerPath(routeOf(endpoint));
  return new OpenApiGeneratorV31(registry.definitions).generateDocument({
    openapi: '3.1.0',
    info: { title: service.name, version: service.version },
  });
}

function routeOf({
  method,
  path,
  summary,
  schemas,
  responses,
  rawBody,
}: Endpoint): Parameters<OpenAPIRegistry['registerPath']>[0] {
  const { params, query, headers } = schemas as Record<string, z.ZodObject | undefined>;
  const body = rawBody === undefined ? schemas.body : z.string();
  return {
    method,
    path,
    summary,
    request: {
      ...(params === undefined ? {} : { params }),
      ...(query === undefined ? {} : { query }),
      ...(headers === undefined ? {} : { headers }),
      ...(body === undefined
        ? {}
        : { body: { content: { [rawBody ?? 'application/json']: { schema: body } }, required: !body.isOptional() } }),
    },
    responses: {
      ...responsesOf(responses),
      default: { description: 'A problem (RFC 9457)', content: { [PROBLEM_TYPE]: { schema: problemDetails } } },
    },
  };
}

function responsesOf(responses: Responses): ReturnType<typeof Object.fromEntries> {
  return Object.fromEntries(
    Object.entries(responses).map(
      ([status, { description, body, headers, contentType = body === undefined ? undefined : 'application/json' }]) => [
        status,
        {
          description,
          ...(headers === undefined ? {} : { headers }),
          ...(contentType === undefined ? {} : { content: { [contentType]: { schema: body ?? z.string() } } }),
        },
      ],
    ),
  );
}
