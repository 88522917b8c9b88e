import { encodeRecord } from '@bijli/events/schema-tools';
import { isSameOnTheWire } from './schemas-compatibility.ts';
import { compatibilityProblems, versionsOf } from './schemas-published.ts';
import { type SchemaProblem, subsetProblems } from './schemas-subset.ts';
import { plain, type SampleName, sampleRecord } from './sample-records.ts';
import {
  type GoldenRecord,
  type PublishedId,
  type PublishedVersion,
  publishedPaths,
  readIds,
  readPublished,
  readSchemas,
  type SchemaFile,
  sha256,
  subjectOf,
} from './schema-files.ts';

/** What to write, by path below the schemas' folder; nothing when there is a problem. */
export type Publication = {
  readonly problems: readonly SchemaProblem[];
  readonly published: readonly string[];
  readonly files: ReadonlyMap<string, string>;
};

type Next = { readonly file: SchemaFile; readonly row: PublishedId };

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

const goldenOf = (file: SchemaFile): GoldenRecord[] =>
  (['smallest', 'fullest'] satisfies SampleName[]).map((name) => {
    const value = sampleRecord(file.schema, name);
    return { name, hex: encodeRecord(file.schema, value).toString('hex'), value: plain(value) };
  });

const nextVersions = (files: readonly SchemaFile[], published: readonly PublishedVersion[]): Next[] =>
  files
    .map((file) => ({ file, newest: versionsOf(file, published).at(-1) }))
    .filter(({ file, newest }) => newest === undefined || !isSameOnTheWire(file.schema, newest.schema))
    .map(({ file, newest }, index) => {
      const id = published.length + index + 1;
      const version = (newest?.version ?? 0) + 1;
      return { file, row: { id, subject: subjectOf(file.name), version, sha256: sha256(file.text) } };
    });

function filesOf(next: readonly Next[], ids: readonly PublishedId[]): Map<string, string> {
  const rows = [...ids, ...next.map(({ row }) => row)];
  return new Map([
    ...next.flatMap(({ file, row }): [string, string][] => {
      const paths = publishedPaths(row.subject, row.version);
      return [
        [paths.schema, file.text],
        [paths.golden, json(goldenOf(file))],
      ];
    }),
    ['published/ids.json', json(rows)],
  ]);
}

/** Works out the next version of every schema that changed on the wire; refuses all when one is not compatible. */
export function publishSchemas(folder: string): Publication {
  const files = readSchemas(folder);
  const published = readPublished(folder);
  const next = nextVersions(files, published);
  const problems = next.flatMap(({ file }) => [
    ...subsetProblems(file),
    ...compatibilityProblems(file, versionsOf(file, published)),
  ]);
  if (problems.length > 0 || next.length === 0) return { problems, published: [], files: new Map() };
  const names = next.map(({ row }) => `${row.subject} v${row.version} (id ${row.id})`);
  return { problems, published: names, files: filesOf(next, readIds(folder)) };
}
