import { type PublishedVersion, type SchemaFile, sha256, subjectOf } from './schema-files.ts';
import { incompatibilities, isSameOnTheWire } from './schemas-compatibility.ts';
import { unreadableGolden } from './schemas-golden.ts';
import type { SchemaProblem } from './schemas-subset.ts';

const idProblems = (published: readonly PublishedVersion[]): SchemaProblem[] =>
  published
    .filter(({ id }, index) => id !== index + 1)
    .map(({ id, subject }) => ({ file: subject, rule: 'ids', detail: `id ${id}: ids count from 1 without gaps` }));

const versionProblems = (subject: string, versions: readonly PublishedVersion[]): SchemaProblem[] =>
  versions
    .filter(({ version }, index) => version !== index + 1)
    .map(({ version }) => ({ file: subject, rule: 'ids', detail: `v${version}: versions count from 1 without gaps` }));

const changedProblems = (subject: string, versions: readonly PublishedVersion[]): SchemaProblem[] =>
  versions
    .filter((each) => sha256(each.text) !== each.sha256)
    .map(({ version }) => ({ file: subject, rule: 'immutable', detail: `v${version} changed after it was published` }));

const goldenMissing = (subject: string, versions: readonly PublishedVersion[]): SchemaProblem[] =>
  versions
    .filter(({ golden }) => golden.length === 0)
    .map(({ version }) => ({ file: subject, rule: 'golden', detail: `v${version} has no golden octets` }));

const pairProblems = (subject: string, versions: readonly PublishedVersion[]): SchemaProblem[] =>
  versions.flatMap((older, index) =>
    versions.slice(index + 1).flatMap((newer) =>
      incompatibilities(older.schema, newer.schema).map((detail) => ({
        file: subject,
        rule: 'compatible',
        detail: `v${older.version} and v${newer.version}: ${detail}`,
      })),
    ),
  );

const goldenProblems = (subject: string, versions: readonly PublishedVersion[]): SchemaProblem[] =>
  unreadableGolden(versions).map((detail) => ({ file: subject, rule: 'golden', detail }));

function subjectProblems(subject: string, versions: readonly PublishedVersion[]): SchemaProblem[] {
  const symbolic = [
    ...versionProblems(subject, versions),
    ...changedProblems(subject, versions),
    ...goldenMissing(subject, versions),
    ...pairProblems(subject, versions),
  ];
  return symbolic.length > 0 ? symbolic : goldenProblems(subject, versions);
}

/** What stands between a working schema and its newest published version; nothing where they are the same. */
function workingProblems(file: SchemaFile, versions: readonly PublishedVersion[]): SchemaProblem[] {
  const newest = versions.at(-1);
  if (newest === undefined) return [{ file: file.name, rule: 'published', detail: 'no version is published' }];
  if (isSameOnTheWire(file.schema, newest.schema)) return [];
  const reasons = compatibilityProblems(file, versions);
  if (reasons.length > 0) return reasons;
  return [{ file: file.name, rule: 'published', detail: `differs from v${newest.version}: publish the next version` }];
}

/** Tells what keeps a schema from becoming the next version of its subject: FULL_TRANSITIVE, against all of them. */
export function compatibilityProblems(file: SchemaFile, versions: readonly PublishedVersion[]): SchemaProblem[] {
  return versions.flatMap((older) =>
    incompatibilities(older.schema, file.schema).map((detail) => ({
      file: file.name,
      rule: 'compatible',
      detail: `v${older.version} and the new one: ${detail}`,
    })),
  );
}

/** The published versions of one schema, oldest first. */
export function versionsOf(file: SchemaFile, published: readonly PublishedVersion[]): PublishedVersion[] {
  return published.filter(({ subject }) => subject === subjectOf(file.name));
}

/** Checks that what was published is unchanged, complete and readable in every direction, and that nothing waits. */
export function publishedProblems(
  files: readonly SchemaFile[],
  published: readonly PublishedVersion[],
): SchemaProblem[] {
  const subjects = [...new Set(published.map(({ subject }) => subject))];
  return [
    ...idProblems(published),
    ...subjects.flatMap((subject) =>
      subjectProblems(
        subject,
        published.filter((each) => each.subject === subject),
      ),
    ),
    ...files.flatMap((file) => workingProblems(file, versionsOf(file, published))),
  ];
}
