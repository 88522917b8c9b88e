import type { PublishedSchema } from '@bijli/events';
import type { JsonAnswer, JsonRequest } from '@bijli/service/serve-json';
import { wireForm } from './wire-form.ts';

/** A refusal in the form that clients of a Confluent schema registry understand. */
const refuse = (status: number, code: number, message: string): JsonAnswer => ({
  status,
  body: { error_code: code, message },
});
const give = (body: unknown): JsonAnswer => ({ status: 200, body });

const notFound = refuse(404, 404, 'HTTP 404 Not Found');
const noSubject = (subject: string): JsonAnswer => refuse(404, 40401, `Subject '${subject}' not found.`);
const noVersion = refuse(404, 40402, 'Version not found.');
const noSchema = refuse(404, 40403, 'Schema not found');
const invalid = refuse(422, 42201, 'The body holds no Avro schema.');
const readOnly = refuse(
  403,
  40301,
  'This registry is read-only: schemas are published in the repository, under schemas/published/.',
);

type Published = readonly PublishedSchema[];
type Route = {
  readonly method: string;
  readonly path: RegExp;
  readonly answer: (published: Published, parts: readonly string[], body: string) => JsonAnswer;
};

// The calls of the Confluent Schema Registry API (version 7) that producers and consumers make.
const routes: readonly Route[] = [
  { method: 'GET', path: /^\/$/, answer: () => give({}) },
  { method: 'GET', path: /^\/schemas\/types$/, answer: () => give(['AVRO']) },
  { method: 'GET', path: /^\/schemas\/ids\/(\d+)$/, answer: (published, [id]) => schemaById(published, Number(id)) },
  {
    method: 'GET',
    path: /^\/schemas\/ids\/(\d+)\/schema$/,
    answer: (published, [id]) => schemaAlone(published.find((one) => one.id === Number(id)) ?? noSchema),
  },
  {
    method: 'GET',
    path: /^\/schemas\/ids\/(\d+)\/versions$/,
    answer: (published, [id]) => versionsOfId(published, Number(id)),
  },
  {
    method: 'GET',
    path: /^\/schemas\/ids\/(\d+)\/subjects$/,
    answer: (published, [id]) => subjectsOfId(published, Number(id)),
  },
  {
    method: 'GET',
    path: /^\/subjects$/,
    answer: (published) => give([...new Set(published.map(({ subject }) => subject))]),
  },
  {
    method: 'GET',
    path: /^\/subjects\/([^/]+)\/versions$/,
    answer: (published, [subject = '']) => versions(published, subject),
  },
  {
    method: 'GET',
    path: /^\/subjects\/([^/]+)\/versions\/([^/]+)$/,
    answer: (published, [subject = '', version = '']) => {
      const found = findVersion(published, subject, version);
      return 'schema' in found ? give(withText(found)) : found;
    },
  },
  {
    method: 'GET',
    path: /^\/subjects\/([^/]+)\/versions\/([^/]+)\/schema$/,
    answer: (published, [subject = '', version = '']) => schemaAlone(findVersion(published, subject, version)),
  },
  {
    // No schema of ours is made of others.
    method: 'GET',
    path: /^\/subjects\/([^/]+)\/versions\/([^/]+)\/referencedby$/,
    answer: (published, [subject = '', version = '']) => {
      const found = findVersion(published, subject, version);
      return 'schema' in found ? give([]) : found;
    },
  },
  // Clients of 2026 ask whether a topic's schema stands under another subject; none does.
  { method: 'GET', path: /^\/associations\/resources\/[^/]+\/[^/]+$/, answer: () => give([]) },
  {
    method: 'POST',
    path: /^\/subjects\/([^/]+)$/,
    answer: (published, [subject = ''], body) => lookUp(published, subject, body),
  },
  {
    method: 'POST',
    path: /^\/subjects\/([^/]+)\/versions$/,
    answer: (published, [subject = ''], body) => register(published, subject, body),
  },
  { method: 'GET', path: /^\/config(?:\/[^/]+)?$/, answer: () => give({ compatibilityLevel: 'FULL_TRANSITIVE' }) },
  { method: 'GET', path: /^\/mode(?:\/[^/]+)?$/, answer: () => give({ mode: 'READONLY' }) },
];

/** Answers one request from the published schemas, as a Confluent registry would that nobody may write to. */
export function answer(published: Published, { method, path, body }: JsonRequest): JsonAnswer {
  for (const route of routes) {
    const parts = route.path.exec(path);
    if (parts && route.method === method) return route.answer(published, parts.slice(1).map(decode), body);
  }
  return method === 'GET' || method === 'HEAD' ? notFound : readOnly;
}

function schemaById(published: Published, id: number): JsonAnswer {
  const found = published.find((one) => one.id === id);
  return found ? give({ schema: JSON.stringify(found.schema) }) : noSchema;
}

function versionsOfId(published: Published, id: number): JsonAnswer {
  const found = published.filter((one) => one.id === id);
  return found.length > 0 ? give(found.map(({ subject, version }) => ({ subject, version }))) : noSchema;
}

function subjectsOfId(published: Published, id: number): JsonAnswer {
  const found = published.filter((one) => one.id === id);
  return found.length > 0 ? give(found.map(({ subject }) => subject)) : noSchema;
}

/** The schema by itself, as a tool that writes it to a file wants it. */
function schemaAlone(found: PublishedSchema | JsonAnswer): JsonAnswer {
  return 'schema' in found ? give(found.schema) : found;
}

function versions(published: Published, subject: string): JsonAnswer {
  const found = published.filter((one) => one.subject === subject);
  return found.length > 0 ? give(found.map(({ version }) => version)) : noSubject(subject);
}

function findVersion(published: Published, subject: string, version: string): PublishedSchema | JsonAnswer {
  const all = published.filter((one) => one.subject === subject);
  if (all.length === 0) return noSubject(subject);
  const wanted =
    version === 'latest' || version === '-1' ? Math.max(...all.map((one) => one.version)) : Number(version);
  return all.find((one) => one.version === wanted) ?? noVersion;
}

function lookUp(published: Published, subject: string, body: string): JsonAnswer {
  const all = published.filter((one) => one.subject === subject);
  if (all.length === 0) return noSubject(subject);
  const form = wireFormOf(body);
  if (form === undefined) return invalid;
  // Versions may differ in their documentation only: the newest of them.
  const found = all.findLast((one) => wireForm(one.schema as Parameters<typeof wireForm>[0]) === form);
  return found ? give(withText(found)) : noSchema;
}

/** Clients register what they are about to write, always: a schema that is known already is fine. */
function register(published: Published, subject: string, body: string): JsonAnswer {
  const found = lookUp(published, subject, body);
  if (found.status === 200) return give({ id: (found.body as { id: number }).id });
  return found === invalid ? invalid : readOnly;
}

function wireFormOf(body: string): string | undefined {
  try {
    const { schema, schemaType = 'AVRO' } = JSON.parse(body) as { schema: string; schemaType?: string };
    return schemaType === 'AVRO' ? wireForm(JSON.parse(schema) as Parameters<typeof wireForm>[0]) : undefined;
  } catch {
    return undefined;
  }
}

function withText({ subject, version, id, schema }: PublishedSchema): unknown {
  return { subject, version, id, schema: JSON.stringify(schema) };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
