import type { KafkaConnection } from '@bijli/kafka';
import { type OnOutcome, type Outcome, outboxRelay, runSubscriptions } from '@bijli/outbox';
import { closeDatabase, type Database, isTransientError, query } from '@bijli/postgres';
import type { Component } from '@bijli/loop';
import { connectionComponent, failpoint, httpComponent, type Logger } from '@bijli/service';
import type { Config } from './config.ts';
import { dueSweeper } from './due/due-sweeper.ts';
import { estimateWatch } from './due/estimate-watch.ts';
import { api } from './http/api-description.ts';
import { routes } from './http/routes.ts';
import { subscriptions } from './subscriptions/index.ts';

const VERSION = '0.1.0';
const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
/** Events of the control room in one transaction: it holds the locks of their substations, and requests wait for those. */
const EVENTS_AT_ONCE = 25;

/** What the service is built from; a component test passes its own edges. */
export type ServiceInput = {
  readonly config: Pick<
    Config,
    'host' | 'port' | 'undoSeconds' | 'holdDownMinutes' | 'estimateAlarmMinutes' | 'dueSweepSeconds'
  >;
  readonly db: Database;
  readonly kafka: KafkaConnection;
  readonly log: Logger;
  readonly clock?: () => Date;
  readonly onOutcome?: OnOutcome;
};

/** Wires the service; its components are in the order in which they start. */
export function buildService({
  config,
  db,
  kafka,
  log,
  clock = () => new Date(),
  onOutcome = () => {},
}: ServiceInput): { components: Component[]; http: ReturnType<typeof httpComponent> } {
  const holdDownMs = config.holdDownMinutes * MINUTE_MS;
  const everyMs = config.dueSweepSeconds * SECOND_MS;
  const alarmMinutes = config.estimateAlarmMinutes;
  const database = connectionComponent({
    name: 'database',
    check: () => query(db, 'select from outage limit 1'),
    close: () => closeDatabase(db),
  });
  const relay = outboxRelay({ db, kafka, log, failpoint });
  const hearing = runSubscriptions({
    service: 'outage',
    db,
    kafka,
    subscriptions: subscriptions({ clock, holdDownMs }),
    log,
    failpoint,
    settings: { batchRows: EVENTS_AT_ONCE },
    onOutcome: (outcome) => {
      logTaken(log, outcome);
      onOutcome(outcome);
    },
  });
  const sweeper = dueSweeper({ db, log, clock, everyMs });
  const estimates = estimateWatch({ db, log, clock, everyMs, alarmMinutes });
  const components = [database, relay, hearing, sweeper, estimates];
  const http = httpComponent({
    name: 'outage',
    api,
    version: VERSION,
    host: config.host,
    port: config.port,
    log,
    endpoints: routes({ db, log, clock, undoMs: config.undoSeconds * SECOND_MS, holdDownMs, alarmMinutes }),
    components,
    isTransient: isTransientError,
  });
  return { components: [...components, http], http };
}

/** An event from outside is logged once its transaction has committed, as a request's is. */
function logTaken(log: Logger, { topic, outcome, eventId }: Outcome): void {
  if (topic !== 'control-room.outage.v1') return;
  if (outcome === 'applied') log.info({ eventId }, 'control room event taken');
  if (outcome === 'unchanged') log.info({ eventId }, 'control room event said what was so before');
}
