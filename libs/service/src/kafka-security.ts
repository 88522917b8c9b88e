import type { ConnectionOptions } from 'node:tls';
import type { Settings } from './read-settings.ts';
import { tlsSettings } from './tls-settings.ts';

const MECHANISM = 'scram-sha-512';
const mechanisms = ['none', MECHANISM] as const;

/** How to speak to the brokers, as `openKafka` takes it: nothing in it for plain text without a user. */
export type KafkaSecurity = {
  readonly ssl?: ConnectionOptions;
  readonly sasl?: { readonly mechanism: typeof MECHANISM; readonly username: string; readonly password: string };
};

/** Reads whether the way to Kafka is TLS, and as which user the service comes (SCRAM, RFC 5802). */
export function kafkaSecurity(settings: Settings): KafkaSecurity {
  const { tls } = tlsSettings(settings, { prefix: 'KAFKA', name: 'Kafka' });
  const mechanism = settings.choice('KAFKA_SASL_MECHANISM', mechanisms, {
    default: 'none',
    about: 'How the service says who it is to Kafka',
  });
  const isOn = mechanism === MECHANISM;
  const kind = (what: string): string => `${what}, with KAFKA_SASL_MECHANISM=${MECHANISM}`;
  const username = settings.textOf('KAFKA_SASL_USERNAME', isOn, kind('a user'), 'User that the service is to Kafka');
  const password = settings.secretOf('KAFKA_SASL_PASSWORD', isOn, kind('a secret'), 'Password of that user');
  return {
    ...(tls === undefined ? {} : { ssl: tls }),
    ...(isOn ? { sasl: { mechanism: MECHANISM, username, password } } : {}),
  };
}
