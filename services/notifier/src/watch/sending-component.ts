import type { Database } from '@bijli/postgres';
import { type Metric, metric, type Component } from '@bijli/loop';
import type { Logger } from '@bijli/service';
import { type LinkStanding, obstacleOf } from '../domain/wait-reason.ts';
import { type Backlog, measureBacklog } from '../store/runs/measure-backlog.ts';
import { readSendingSwitch } from '../store/runs/sending-switch.ts';

/** What the component looks at. */
export type SendingWatch = {
  readonly db: Database;
  readonly log: Logger;
  /** How the link of this process stands. */
  readonly standing: () => LinkStanding;
  /** Message parts that the provider asked to be sent later, since the start. */
  readonly throttled: () => number;
};

/** A storm of throttling is one line a minute. */
const THROTTLING_EVERY_MS = 60_000;
const LOOK_EVERY_MS = 1_000;

/**
 * Makes the component that says whether texts go out, what keeps them from it and how many wait. None of it makes the service unready: its
 * API and what it hears are needed all the same, the stop switch among them.
 */
export function sendingComponent({ db, log, standing, throttled }: SendingWatch): Component {
  let timer: NodeJS.Timeout | undefined;
  const news = throttlingNews(log, throttled);
  return {
    name: 'sending',
    start: async () => {
      timer = setInterval(news, LOOK_EVERY_MS);
    },
    stop: async () => clearInterval(timer),
    ready: async () => {
      const [state, backlog] = await Promise.all([readSendingSwitch(db), measureBacklog(db)]);
      const obstacle = obstacleOf({ ...state, link: standing() });
      return { ok: true, detail: [obstacle ?? 'texts go out', ...waiting(backlog)].join('; ') };
    },
    metrics: async () => {
      const [{ isStopped }, backlog] = await Promise.all([readSendingSwitch(db), measureBacklog(db)]);
      return sendingMetrics(isStopped, standing().isUp, backlog);
    },
  };
}

function waiting({ waitingContacts, openRuns, heldRuns, refusedRuns }: Backlog): string[] {
  return [
    ...(waitingContacts > 0 ? [`contacts waiting: ${waitingContacts}, open runs: ${openRuns}`] : []),
    ...(heldRuns > 0 ? [`held runs: ${heldRuns}`] : []),
    ...(refusedRuns > 0 ? [`refused runs of the last 24 hours: ${refusedRuns}`] : []),
  ];
}

function sendingMetrics(isStopped: boolean, isUp: boolean, backlog: Backlog): Metric[] {
  return [
    metric('bijli_notifier_sending_stopped', '1 while somebody has stopped all sending', Number(isStopped)),
    metric('bijli_smpp_link_up', '1 while a bind that sends is there', Number(isUp)),
    metric('bijli_notifier_contacts_waiting', 'Contacts of open runs without an outcome', backlog.waitingContacts),
    metric('bijli_notifier_runs_open', 'Runs that are being sent or wait for it', backlog.openRuns),
    metric('bijli_notifier_runs_held', 'Runs that an operator may release', backlog.heldRuns),
    metric('bijli_notifier_runs_refused', 'Runs that were refused in the last 24 hours', backlog.refusedRuns),
  ];
}

/** Says, once a minute while it goes on, how many parts the provider throttled. */
function throttlingNews(log: Logger, throttled: () => number): () => void {
  let told = 0;
  let toldAt = Number.NEGATIVE_INFINITY;
  return () => {
    const parts = throttled() - told;
    if (parts === 0 || performance.now() - toldAt < THROTTLING_EVERY_MS) return;
    told += parts;
    toldAt = performance.now();
    log.warn({ parts }, 'the provider throttles, its texts are sent later');
  };
}
