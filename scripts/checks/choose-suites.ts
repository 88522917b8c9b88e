import { isAbsolute, join, relative } from 'node:path';

/** The tiers of the tests; a file's name says to which it belongs. */
export type Tier = 'unit' | 'db' | 'component' | 'e2e';

/** Test files by tier, and the given paths at which there is none. */
export type ChosenSuites = {
  readonly tiers: ReadonlyMap<Tier, readonly string[]>;
  readonly nothingAt: readonly string[];
};

const testFile = /^(libs|services|scripts|e2e)\/.*\.test\.ts$/;
const notTests = /^scripts\/checks\/gates\/fixtures\//;

/**
 * Chooses the test files that the given paths mean: a file, a folder, or how a path begins.
 * @param given relative to `folder`, or absolute.
 * @param files of the repository, relative to its `root`.
 */
export function chooseSuites(
  given: readonly string[],
  { files, root, folder }: { files: readonly string[]; root: string; folder: string },
): ChosenSuites {
  const tests = files.filter((file) => testFile.test(file) && !notTests.test(file));
  const found = given.map((path) => {
    const at = relative(root, isAbsolute(path) ? path : join(folder, path));
    return { path, files: tests.filter((file) => at === '' || file.startsWith(at)) };
  });
  const chosen = [...new Set(found.flatMap((each) => each.files))];
  return {
    tiers: Map.groupBy(chosen, tierOf),
    nothingAt: found.filter((each) => each.files.length === 0).map(({ path }) => path),
  };
}

function tierOf(file: string): Tier {
  return (/\.(db|component|e2e)\.test\.ts$/.exec(file)?.[1] ?? 'unit') as Tier;
}
