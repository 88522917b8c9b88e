import type { KafkaConnection } from '@bijli/kafka';
import { type OnOutcome, outboxRelay, runSubscriptions } from '@bijli/outbox';
import { closeDatabase, type Database, isTransientError, query } from '@bijli/postgres';
import type { Component } from '@bijli/loop';
import { connectionComponent, failpoint, httpComponent, type Logger } from '@bijli/service';
import type { Config } from './config.ts';
import { api } from './http/api-description.ts';
import { routes } from './http/routes.ts';
import { subscriptions } from './subscriptions/index.ts';
import { waitingComponent } from './waiting-component.ts';

const VERSION = '0.1.0';

/** What the service is built from; a component test passes its own edges. */
export type ServiceInput = {
  readonly config: Pick<Config, 'host' | 'port'>;
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
    check: () => query(db, 'select from account limit 1'),
    close: () => closeDatabase(db),
  });
  const relay = outboxRelay({ db, kafka, log, failpoint });
  const hearing = runSubscriptions({
    service: 'billing',
    db,
    kafka,
    subscriptions: subscriptions({ clock }),
    log,
    failpoint,
    onOutcome,
  });
  const components = [database, relay, hearing, waitingComponent(db)];
  const http = httpComponent({
    name: 'billing',
    api,
    version: VERSION,
    host: config.host,
    port: config.port,
    log,
    endpoints: routes({ db, log, clock }),
    components,
    isTransient: isTransientError,
  });
  return { components: [...components, http], http };
}
