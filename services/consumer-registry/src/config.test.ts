import { ConfigError } from '@bijli/service';
import { describe, expect, test } from '@jest/globals';
import { readConfig } from './config.ts';

const env = {
  DATABASE_URL: 'postgres://registry@localhost/consumer_registry',
  KAFKA_BROKERS: 'localhost:9092',
  SEAL_KEYS: `2026:${'0f'.repeat(32)}`,
  BLIND_INDEX_KEY: 'f0'.repeat(32),
};

describe('readConfig', () => {
  test('reads what is needed and listens on loopback unless told otherwise', () => {
    expect(readConfig(env)).toMatchObject({ host: '127.0.0.1', port: 18_001, sealKeys: { sealingKeyId: '2026' } });
  });

  test('names everything that is wrong at once, and no secret', () => {
    const wrong = { ...env, DATABASE_URL: 'mysql://x', SEAL_KEYS: '2026:c0ffee', BLIND_INDEX_KEY: undefined };
    const problems = /DATABASE_URL[\s\S]*SEAL_KEYS[\s\S]*BLIND_INDEX_KEY/;

    expect(() => readConfig(wrong)).toThrow(ConfigError);
    expect(() => readConfig(wrong)).toThrow(problems);
    expect(() => readConfig(wrong)).not.toThrow(/c0ffee/);
  });
});
