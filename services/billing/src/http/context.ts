import type { Database } from '@bijli/postgres';
import type { Logger } from '@bijli/service';

/** What every endpoint works with; a test passes its own clock. */
export type HttpContext = { readonly db: Database; readonly log: Logger; readonly clock: () => Date };
