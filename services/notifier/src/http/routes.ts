import type { Database } from '@bijli/postgres';
import type { Catalogue } from '../templates/catalogue.ts';
import { getAudience } from './get-audience.ts';
import { getRun } from './get-run.ts';
import { listCauses } from './list-causes.ts';
import { listMessages } from './list-messages.ts';
import { listRuns } from './list-runs.ts';
import { listTemplates } from './list-templates.ts';
import { releaseRun } from './release-run.ts';
import { getSending, putSending } from './sending.ts';

/** This function will list every endpoint of the notifier. `wake` is called when there may be something to send. */
export function routes({ db, catalogue, wake }: { db: Database; catalogue: Catalogue; wake: () => void }) {
  return [
    getRun(db),
    listRuns(db),
    releaseRun(db, wake),
    listMessages(db),
    getSending(db),
    putSending(db, wake),
    getAudience(db),
    listTemplates(catalogue),
    listCauses(catalogue),
  ];
}
