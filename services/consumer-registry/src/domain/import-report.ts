/** What is wrong with a line of a file, or worth a warning. `value` is masked: a code, or the shape of the cell. */
export type RefusedRow = {
  readonly line: number;
  readonly field: string;
  readonly rule: string;
  readonly value: string;
};

/** How the lines of a file ended; `refused`, `registered`, `changed` and `unchanged` sum to `rows`. */
export type ImportCounts = {
  readonly rows: number;
  readonly registered: number;
  readonly changed: number;
  readonly unchanged: number;
  readonly refused: number;
  readonly warnings: number;
  /** Connections of the file without a node; nodes of the file that moved. */
  readonly unmapped?: number;
  readonly moved?: number;
};

/** What kind of file was imported. */
export type ImportKind = 'connections' | 'network';

/** How many faults of refused rows an answer shows; all of them are in the list of the import. */
export const FIRST_REFUSED = 20;

/** An import that was committed, or one that was only tried. */
export type ImportReport = {
  readonly importId: string;
  /** Tried only: the counts say what would have become of the rows. */
  readonly isDryRun: boolean;
  readonly startedAt: Date;
  readonly finishedAt: Date;
  readonly counts: ImportCounts;
  /** The first 20 faults of refused lines, in the order of the file. */
  readonly firstRefused: readonly RefusedRow[];
};

/** Why a whole file is not taken: what is wrong, on which line (from 1), in which column (empty for the line itself). */
export type FileProblem = {
  readonly line: number;
  readonly field: string;
  readonly rule: string;
  readonly detail: string;
};
