import type { Database } from '@bijli/postgres';
import type { Logger } from '@bijli/service';
import type { UploadMemory } from '../csv/hold-file.ts';
import type { NumberKeys } from '../flows/stage-connection-row.ts';

/** What every endpoint works with; a test passes its own clock. */
export type HttpContext = {
  readonly db: Database;
  readonly keys: NumberKeys;
  readonly memory: UploadMemory;
  readonly clock: () => Date;
  readonly log: Logger;
};
