import { OpenAPIRegistry, OpenApiGeneratorV31 } from '@asteasolutions/zod-to-openapi';
import type { z } from 'zod';
import { type ApiDescription, tagOf } from './api-description.ts';
import type { Endpoint } from './endpoint.ts';
import { isOnce, problemResponses, type SharedResponses, responsesOf, sharedResponses } from './openapi-responses.ts';
import { MAX_BODY_BYTES } from './read-body.ts';

type Document = ReturnType<OpenApiGeneratorV31['generateDocument']>;
type Route = Parameters<OpenAPIRegistry['registerPath']>[0];
type ServiceApi = {
  readonly version: string;
  readonly api: ApiDescription;
  readonly endpoints: readonly Endpoint[];
  /** Examples of bodies are made for this moment, so that their dates are never in the past. */
  readonly now: Date;
};

/** Makes the OpenAPI 3.1 document of a service from its endpoints. */
export function openApiDocument({ version, api, endpoints, now }: ServiceApi): Document {
  const registry = new OpenAPIRegistry();
  const shared = sharedResponses(registry);
  for (const endpoint of endpoints)
    registry.registerPath({ ...routeOf(endpoint, shared, now), tags: [tagOf(api, endpoint)] });
  const document = new OpenApiGeneratorV31(registry.definitions).generateDocument({
    openapi: '3.1.0',
    info: {
      title: `Bijli Alert: ${api.title}`,
      version,
      description: api.description,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/', description: 'Where this document came from' }],
    // Nobody signs in yet; without this line a linter would ask how.
    security: [],
    tags: api.tags.map(({ name, description }) => ({ name, description })),
  });
  return withExamples(document, endpoints, now);
}

function routeOf(endpoint: Endpoint, shared: SharedResponses, now: Date): Route {
  const { method, path, operationId, summary, description, schemas, responses } = endpoint;
  const { params, query, headers } = schemas as Record<string, z.ZodObject | undefined>;
  const body = bodyOf(endpoint, now);
  return {
    method,
    path,
    operationId,
    summary,
    ...(description === undefined ? {} : { description }),
    request: {
      ...(params === undefined ? {} : { params }),
      ...(query === undefined ? {} : { query }),
      ...(headers === undefined ? {} : { headers }),
      ...(body === undefined ? {} : { body }),
    },
    responses: { ...problemResponses(endpoint, shared), ...responsesOf(responses, isOnce(endpoint)) },
  };
}

function bodyOf({ schemas, rawBody, maxBodyBytes = MAX_BODY_BYTES, examples }: Endpoint, now: Date) {
  if (rawBody !== undefined)
    return {
      description: `${rawBody} in UTF-8, not compressed`,
      required: true,
      content: { [rawBody]: { schema: TEXT } },
    };
  if (schemas.body === undefined) return undefined;
  const example = examples?.(now).body;
  return {
    description: `JSON in UTF-8, not compressed, at most ${maxBodyBytes.toLocaleString('en-IN')} bytes`,
    required: !schemas.body.isOptional(),
    content: { 'application/json': { schema: schemas.body, ...(example === undefined ? {} : { example }) } },
  };
}

const TEXT = { type: 'string' } as const;

/**
 * A viewer fills examples in: an optional parameter with one would be sent though nobody asked for it, and one in the path has a value
 * that works where the endpoint knows one.
 */
function withExamples(document: Document, endpoints: readonly Endpoint[], now: Date): Document {
  for (const { method, path, examples } of endpoints) {
    const operation = document.paths?.[path]?.[method] as { parameters?: Parameter[] } | undefined;
    const values = examples?.(now).params ?? {};
    for (const { name, required, schema = {} } of operation?.parameters ?? []) {
      if (required !== true) delete schema.example;
      else if (name in values) schema.example = values[name];
    }
  }
  return document;
}

type Parameter = { readonly name: string; readonly required?: boolean; readonly schema?: { example?: unknown } };
