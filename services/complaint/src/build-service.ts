import type { KafkaConnection } from '@bijli/kafka';
import { type OnOutcome, outboxRelay, runSubscriptions } from '@bijli/outbox';
import { closeDatabase, type Database, isTransientError, query } from '@bijli/postgres';
import type { Component } from '@bijli/loop';
import { connectionComponent, failpoint, httpComponent, type Logger } from '@bijli/service';
import { closeSweeper } from './closing/close-sweeper.ts';
import type { Config } from './config.ts';
import { api } from './http/api-description.ts';
import { routes } from './http/routes.ts';
import { subscriptions } from './subscriptions/index.ts';

const VERSION = '0.1.0';
const SECOND_MS = 1_000;
const HOUR_MS = 3_600_000;

/** What the service is built from; a component test passes its own edges. */
export type ServiceInput = {
  readonly config: Pick<Config, 'host' | 'port' | 'answerHours' | 'closeSweepSeconds'>;
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
  const database = connectionComponent({
    name: 'database',
    check: () => query(db, 'select from complaint limit 1'),
    close: () => closeDatabase(db),
  });
  const relay = outboxRelay({ db, kafka, log, failpoint });
  const hearing = runSubscriptions({ service: 'complaint', db, kafka, subscriptions, log, failpoint, onOutcome });
  const sweeper = closeSweeper({ db, log, clock, everyMs: config.closeSweepSeconds * SECOND_MS });
  const components = [database, relay, hearing, sweeper];
  const http = httpComponent({
    name: 'complaint',
    api,
    version: VERSION,
    host: config.host,
    port: config.port,
    log,
    endpoints: routes({ db, log, clock, answerWithinMs: config.answerHours * HOUR_MS }),
    components,
    isTransient: isTransientError,
  });
  return { components: [...components, http], http };
}
