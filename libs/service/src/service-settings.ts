import { kafkaSecurity } from './kafka-security.ts';
import { logLevels } from './open-log.ts';
import type { Settings } from './read-settings.ts';

/**
 * Reads what every service reads: where it listens, its database, Kafka, its log and its failpoints.
 * `port` is the service's own default. Call `settings.done()` after the service's own settings.
 */
export function serviceSettings(settings: Settings, { port }: { port: number }) {
  return {
    host: settings.text('HOST', {
      default: '127.0.0.1',
      about: 'Address that HTTP listens on; loopback unless told otherwise',
    }),
    port: settings.port('PORT', { default: port, about: 'Port that HTTP listens on' }),
    databaseUrl: settings.url('DATABASE_URL', ['postgres', 'postgresql'], {
      about: 'The database of this service, as its working role',
    }),
    kafkaBrokers: [...(settings.list('KAFKA_BROKERS', { about: 'Brokers as host:port' }) ?? [])],
    kafkaSecurity: kafkaSecurity(settings),
    logLevel: settings.choice('LOG_LEVEL', logLevels, { default: 'info', about: 'Least level that is logged' }),
    failpoints: settings.text('FAILPOINTS', { default: '', about: 'For fault tests only: name=kill, throw or pause' }),
  };
}
