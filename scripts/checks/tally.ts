/** How many checks and tests passed and failed. */
export type Tally = { readonly passed: number; readonly failed: number };

/** Adds tallies up. */
export function sum(tallies: readonly Tally[]): Tally {
  return tallies.reduce((all, one) => ({ passed: all.passed + one.passed, failed: all.failed + one.failed }), {
    passed: 0,
    failed: 0,
  });
}

/** Ends a run: says the sum in its one last line, and fails when anything failed or nothing ran at all. */
export function conclude({ passed, failed }: Tally): void {
  process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
  console.log(`${passed} passed, ${failed} failed`);
}
