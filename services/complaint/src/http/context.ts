import type { Database } from '@bijli/postgres';
import type { Logger } from '@bijli/service';

/** What every endpoint works with; a test passes its own clock. `answerWithinMs`: how long a consumer has to say whether it is fixed. */
export type HttpContext = {
  readonly db: Database;
  readonly log: Logger;
  readonly clock: () => Date;
  readonly answerWithinMs: number;
};
