import type { Database } from '@bijli/postgres';
import type { Logger } from '@bijli/service';
import type { LinkStanding } from '../domain/wait-reason.ts';
import type { Catalogue } from '../templates/catalogue.ts';

/** What every endpoint works with. */
export type HttpContext = {
  readonly db: Database;
  readonly catalogue: Catalogue;
  readonly log: Logger;
  /** How the link of this process stands. */
  readonly standing: () => LinkStanding;
  /** Called when there may be something to send. */
  readonly wake: () => void;
};
