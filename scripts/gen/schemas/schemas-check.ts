import { readPublished, readSchemas } from './schema-files.ts';
import { publishedProblems } from './schemas-published.ts';
import { type SchemaProblem, subsetProblems } from './schemas-subset.ts';

/** Checks a folder of schemas: the subset first, and what is published when the subset holds. */
export function checkSchemas(folder: string): SchemaProblem[] {
  const files = readSchemas(folder);
  const subset = files.flatMap(subsetProblems);
  return subset.length > 0 ? subset : publishedProblems(files, readPublished(folder));
}
