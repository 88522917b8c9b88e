import type { KafkaConnection } from '@bijli/kafka';
import { outboxRelay } from '@bijli/outbox';
import { closeDatabase, type Database, query } from '@bijli/postgres';
import { connectionPart, failpoint, httpPart, type Logger, type Part } from '@bijli/service';
import type { Config } from './config.ts';

const VERSION = '0.1.0';

/** What the service is built from; a component test passes its own edges. */
export type ServiceInput = {
  readonly config: Pick<Config, 'host' | 'port'>;
  readonly db: Database;
  readonly kafka: KafkaConnection;
  readonly log: Logger;
};

/** This function will wire the service; its parts are in the order in which they start. */
export function buildService({ config: { host, port }, db, kafka, log }: ServiceInput): {
  parts: Part[];
  http: ReturnType<typeof httpPart>;
} {
  const database = connectionPart({
    name: 'database',
    check: () => query(db, 'select from outbox limit 1'),
    close: () => closeDatabase(db),
  });
  const parts = [database, outboxRelay({ db, kafka, log, failpoint })];
  const http = httpPart({ name: 'billing', version: VERSION, host, port, log, endpoints: [], parts });
  return { parts: [...parts, http], http };
}
