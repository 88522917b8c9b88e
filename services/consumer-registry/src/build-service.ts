import type { KafkaConnection } from '@bijli/kafka';
import { outboxRelay } from '@bijli/outbox';
import { closeDatabase, type Database, isTransientError, query } from '@bijli/postgres';
import type { Component } from '@bijli/loop';
import { connectionComponent, failpoint, httpComponent, type Logger } from '@bijli/service';
import type { Config } from './config.ts';
import { uploadMemory } from './csv/hold-file.ts';
import { api } from './http/api-description.ts';
import { routes } from './http/routes.ts';

/** What the registry is built from; a component test passes its own. */
export type ServiceInput = {
  readonly config: Pick<Config, 'host' | 'port' | 'sealKeys' | 'blindIndexKey'>;
  readonly db: Database;
  readonly kafka: KafkaConnection;
  readonly log: Logger;
  /** The time of what is done here; the system's unless told. */
  readonly clock?: () => Date;
};

const VERSION = '0.1.0';

/** Wires the registry: the database, the relay that publishes what it says, and its HTTP. */
export function buildService({ config, db, kafka, log, clock = () => new Date() }: ServiceInput) {
  const database = connectionComponent({
    name: 'database',
    check: () => query(db, 'select from connection limit 1'),
    close: () => closeDatabase(db),
  });
  const components: Component[] = [database, outboxRelay({ db, kafka, log, failpoint })];
  const keys = { sealKeys: config.sealKeys, blindIndexKey: config.blindIndexKey };
  const http = httpComponent({
    name: 'consumer-registry',
    api,
    version: VERSION,
    host: config.host,
    port: config.port,
    log,
    endpoints: routes({ db, keys, clock, log, memory: uploadMemory() }),
    components,
    isTransient: isTransientError,
  });
  return { components: [...components, http], http };
}
