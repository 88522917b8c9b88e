import type { Database } from '@bijli/postgres';
import type { Logger } from '@bijli/service';

/** What every endpoint works with; a test passes its own clock. */
export type HttpContext = {
  readonly db: Database;
  readonly log: Logger;
  readonly clock: () => Date;
  /** How long a person may take back what is told of planned work; 0 not at all. */
  readonly undoMs: number;
  /** How long what a machine reports is held down; 0 not at all. */
  readonly holdDownMs: number;
  /** How long before a return time passes it is about to. */
  readonly alarmMinutes: number;
};
