import type { Database } from '@bijli/postgres';
import type { Logger } from '@bijli/service';
import type { LinkStanding } from '../domain/wait-reason.ts';
import type { Catalogue } from '../templates/catalogue.ts';
import { getAudience } from './get-audience.ts';
import { getRun } from './get-run.ts';
import { listCauses } from './list-causes.ts';
import { listMessages } from './list-messages.ts';
import { listRuns } from './list-runs.ts';
import { listTemplates } from './list-templates.ts';
import { releaseRun } from './release-run.ts';
import { getSending, putSending } from './sending.ts';

/** What the endpoints need. */
export type RoutesInput = {
  readonly db: Database;
  readonly catalogue: Catalogue;
  readonly log: Logger;
  /** How the link of this process stands. */
  readonly standing: () => LinkStanding;
  /** Called when there may be something to send. */
  readonly wake: () => void;
};

/** Lists every endpoint of the notifier. */
export function routes({ db, catalogue, log, standing, wake }: RoutesInput) {
  return [
    getRun(db, standing),
    listRuns(db, standing),
    releaseRun(db, standing, wake),
    listMessages(db),
    getSending(db, standing),
    putSending({ db, log, standing, wake }),
    getAudience(db),
    listTemplates(catalogue),
    listCauses(catalogue),
  ];
}
