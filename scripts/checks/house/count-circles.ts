import { cruise, type ICruiseResult } from 'dependency-cruiser';

/** Counts the imports of a checkout that lead back to where they began, types included. */
export async function countCircles(root: string): Promise<number> {
  const { output } = await cruise(['libs', 'services', 'scripts'], {
    baseDir: root,
    validate: true,
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: ['/dist/', 'fixtures/'] },
    ruleSet: { forbidden: [{ name: 'circle', severity: 'error', from: {}, to: { circular: true } }] },
  });
  const circles = (output as ICruiseResult).summary.violations.map(({ cycle = [] }) =>
    cycle
      .map(({ name }) => name)
      .toSorted()
      .join(' '),
  );
  return new Set(circles).size;
}
