import type { FileProblem } from '../domain/import-report.ts';

/** Keeps why reading a file stopped: the reader throws to end the COPY behind it, and the reason is asked for here. */
export type ProblemHolder = {
  /** Remembers what is wrong and throws. */
  stop(problems: readonly FileProblem[]): never;
  found(): readonly FileProblem[];
};

/** Makes a holder for one file. */
export function problemHolder(): ProblemHolder {
  let found: readonly FileProblem[] = [];
  return {
    stop: (problems) => {
      found = problems;
      throw new Error('the file cannot be read');
    },
    found: () => found,
  };
}
