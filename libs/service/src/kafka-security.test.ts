import { describe, expect, test } from '@jest/globals';
import { ConfigError } from './config-error.ts';
import { kafkaSecurity } from './kafka-security.ts';
import { readSettings } from './read-settings.ts';

function securityOf(env: Record<string, string>) {
  const settings = readSettings(env);
  const security = kafkaSecurity(settings);
  settings.done();
  return security;
}

describe('the way to Kafka', () => {
  test('is plain text without a user unless told otherwise', () => {
    expect(securityOf({})).toEqual({});
  });

  test('is TLS as a user where it is told so', () => {
    const env = {
      KAFKA_TLS: 'true',
      KAFKA_SASL_MECHANISM: 'scram-sha-512',
      KAFKA_SASL_USERNAME: 'outage',
      KAFKA_SASL_PASSWORD: 'p',
    };

    expect(securityOf(env)).toEqual({
      ssl: {},
      sasl: { mechanism: 'scram-sha-512', username: 'outage', password: 'p' },
    });
  });

  test('needs the user and the password once a mechanism is named', () => {
    expect(() => securityOf({ KAFKA_SASL_MECHANISM: 'scram-sha-512' })).toThrow(
      new ConfigError([
        'KAFKA_SASL_USERNAME: is missing (a user, with KAFKA_SASL_MECHANISM=scram-sha-512)',
        'KAFKA_SASL_PASSWORD: is missing (a secret, with KAFKA_SASL_MECHANISM=scram-sha-512, or KAFKA_SASL_PASSWORD_FILE)',
      ]),
    );
  });

  test('refuses what would be forgotten: a user without a mechanism, an authority without TLS', () => {
    const env = { KAFKA_SASL_USERNAME: 'outage', KAFKA_SASL_PASSWORD: 'p', KAFKA_TLS_CA_FILE: 'ca.crt' };

    expect(() => securityOf(env)).toThrow(
      new ConfigError([
        'KAFKA_TLS_CA_FILE: is not a file with a PEM certificate, with KAFKA_TLS=true',
        'KAFKA_SASL_USERNAME: is not a user, with KAFKA_SASL_MECHANISM=scram-sha-512',
        'KAFKA_SASL_PASSWORD: is not a secret, with KAFKA_SASL_MECHANISM=scram-sha-512',
      ]),
    );
  });
});
