import type { Resource } from './resources.ts';

/** A change of one place: another value, another name for the field, or the field taken away. */
export type Edit = { readonly value: unknown } | { readonly renamed: string } | 'removed';

/**
 * Copies resources with one place changed in those of a kind: what a test breaks on purpose. @param path as of RFC 6901: `/spec/…`, positions as
 * numbers, `~1` for a slash in a name.
 * @throws when a resource of the kind has no such place, so that no test breaks nothing.
 */
export function edited(resources: readonly Resource[], kind: string, path: string, edit: Edit): Resource[] {
  const copy = structuredClone(resources) as Resource[];
  const found = copy.filter((resource) => resource.kind === kind);
  if (found.length === 0) throw new Error(`there is no ${kind}`);
  for (const resource of found)
    editAt(
      resource,
      path
        .split('/')
        .slice(1)
        .map((step) => step.replace('~1', '/')),
      edit,
    );
  return copy;
}

function editAt(resource: object, steps: readonly string[], edit: Edit): void {
  let at = resource as Record<string, unknown>;
  for (const step of steps.slice(0, -1)) at = at[step] as Record<string, unknown>;
  const name = steps.at(-1) ?? '';
  if (at?.[name] === undefined) throw new Error(`there is no ${steps.join('/')}`);
  const old = at[name];
  if (edit !== 'removed' && 'value' in edit) at[name] = edit.value;
  else delete at[name];
  if (edit !== 'removed' && 'renamed' in edit) at[edit.renamed] = old;
}

/** Leaves one resource out. @throws when it is not there. */
export function without(resources: readonly Resource[], kind: string, name: string): Resource[] {
  const others = resources.filter((resource) => resource.kind !== kind || resource.metadata.name !== name);
  if (others.length === resources.length) throw new Error(`there is no ${kind} ${name}`);
  return others;
}
