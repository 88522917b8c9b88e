import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** An Avro schema as it stands in its file: JSON that nobody has checked yet. */
export type RawSchema = { readonly [key: string]: unknown };

/** One `schemas/<service>/<aggregate>.avsc`. */
export type SchemaFile = {
  /** `<service>/<aggregate>`: the name of the schema in `topics.ts`. */
  readonly name: string;
  readonly service: string;
  readonly text: string;
  readonly schema: RawSchema;
};

/** One row of `schemas/published/ids.json`. */
export type PublishedId = {
  readonly id: number;
  readonly subject: string;
  readonly version: number;
  readonly sha256: string;
};

/** A value as it was written, and the octets that it became: `schemas/published/<subject>/v<n>.golden.json`. */
export type GoldenRecord = { readonly name: string; readonly hex: string; readonly value: unknown };

/** One published version with everything that was published with it. */
export type PublishedVersion = PublishedId & {
  readonly text: string;
  readonly schema: RawSchema;
  readonly golden: readonly GoldenRecord[];
};

const PUBLISHED = 'published';
const EXTENSION = '.avsc';

const readText = (path: string): string => readFileSync(path, 'utf8');

const readJson = (path: string): unknown => JSON.parse(readText(path));

const foldersIn = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== PUBLISHED)
    .map((entry) => entry.name)
    .sort();

const schemasOf = (folder: string, service: string): SchemaFile[] =>
  readdirSync(join(folder, service))
    .filter((name) => name.endsWith(EXTENSION))
    .sort()
    .map((file) => {
      const text = readText(join(folder, service, file));
      const name = `${service}/${file.slice(0, -EXTENSION.length)}`;
      return { name, service, text, schema: JSON.parse(text) as RawSchema };
    });

/** Reads every `<service>/<aggregate>.avsc` below a folder, in the order of their names. */
export function readSchemas(folder: string): SchemaFile[] {
  return foldersIn(folder).flatMap((service) => schemasOf(folder, service));
}

/** Reads the list of published versions; empty where nothing was published. */
export function readIds(folder: string): PublishedId[] {
  const path = join(folder, PUBLISHED, 'ids.json');
  return existsSync(path) ? (readJson(path) as PublishedId[]) : [];
}

/** Paths of the files of a published version, below `schemas/`. */
export function publishedPaths(subject: string, version: number): { schema: string; golden: string } {
  return {
    schema: join(PUBLISHED, subject, `v${version}${EXTENSION}`),
    golden: join(PUBLISHED, subject, `v${version}.golden.json`),
  };
}

/** Reads every published version, in the order of their ids. */
export function readPublished(folder: string): PublishedVersion[] {
  return readIds(folder).map((row) => {
    const paths = publishedPaths(row.subject, row.version);
    const text = readText(join(folder, paths.schema));
    return {
      ...row,
      text,
      schema: JSON.parse(text) as RawSchema,
      golden: readJson(join(folder, paths.golden)) as GoldenRecord[],
    };
  });
}

/** The subject of a schema in its first major version: the ecosystem's default, topic and `-value`. */
export function subjectOf(schemaName: string): string {
  return `${schemaName.replace('/', '.')}.v1-value`;
}

/** The topic of a subject. */
export function topicOf(subject: string): string {
  return subject.replace(/-value$/, '');
}

/** The fingerprint that makes a published file immutable. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
