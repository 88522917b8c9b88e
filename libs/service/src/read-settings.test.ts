import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ConfigError } from './config-error.ts';
import { declaredSettings, readSettings } from './read-settings.ts';
import { serviceSettings } from './service-settings.ts';

type Environment = Readonly<Record<string, string | undefined>>;

function readConfig(env: Environment) {
  const settings = readSettings(env);
  const config = {
    ...serviceSettings(settings, { port: 18_001 }),
    password: settings.secret('SMPP_PASSWORD', (text) => text, 'Password of the bind'),
    window: settings.integer('SMPP_WINDOW', { min: 1, max: 1_000 }, { default: 10, about: 'Open submits' }),
    dryRun: settings.flag('DRY_RUN', false),
  };
  settings.done();
  return config;
}

const fit = {
  DATABASE_URL: 'postgres://a:b@127.0.0.1:5432/x',
  KAFKA_BROKERS: '127.0.0.1:9092, [::1]:9092',
  SMPP_PASSWORD: 'p',
};

function problemsOf(env: Environment): readonly string[] {
  try {
    readConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe('readSettings', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'settings-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test('reads values and defaults', () => {
    expect(readConfig({ ...fit, SMPP_WINDOW: '7', LOG_LEVEL: '' })).toEqual({
      host: '127.0.0.1',
      port: 18_001,
      databaseUrl: fit.DATABASE_URL,
      kafkaBrokers: ['127.0.0.1:9092', '[::1]:9092'],
      kafkaSecurity: {},
      logLevel: 'info',
      failpoints: '',
      password: 'p',
      window: 7,
      dryRun: false,
    });
  });

  test('names every problem at once', () => {
    const problems = problemsOf({
      DATABASE_URL: 'mysql://x',
      KAFKA_BROKERS: ' , ',
      PORT: '70000',
      LOG_LEVEL: 'loud',
      SMPP_WINDOW: '1e3',
      DRY_RUN: 'maybe',
    });

    expect(problems).toEqual([
      'PORT: is not a whole number from 0 to 65535',
      'DATABASE_URL: is not an address with postgres:// or postgresql://',
      'KAFKA_BROKERS: names nothing',
      'LOG_LEVEL: is not one of trace, debug, info, warn, error, fatal, silent',
      'SMPP_PASSWORD: is missing (a secret, or SMPP_PASSWORD_FILE)',
      'SMPP_WINDOW: is not a whole number from 1 to 1000',
      'DRY_RUN: is not true or false',
    ]);
  });

  test('reads values of another form, the default one too', () => {
    const tag = (env: Environment) => {
      const settings = readSettings(env);
      const hexadecimal = (text: string): number => (/^0x/.test(text) ? Number(text) : refuse());
      const value = settings.value('TAG', 'a hexadecimal number', hexadecimal, { default: '0x14', about: '' });
      settings.done();
      return value;
    };
    const refuse = (): never => {
      throw new Error('not shown');
    };

    expect(tag({})).toBe(0x14);
    expect(tag({ TAG: '0xff' })).toBe(0xff);
    expect(() => tag({ TAG: '14' })).toThrow(new ConfigError(['TAG: is not a hexadecimal number']));
  });

  test('never repeats a value', () => {
    const settings = readSettings({ SEAL_KEYS: 'top-secret' });
    settings.secret('SEAL_KEYS', (text) => {
      throw new Error(`bad key ${text}`);
    });

    expect(() => settings.done()).toThrow(new ConfigError(['SEAL_KEYS: is not a secret']));
  });

  test('reads a secret from the file that its twin names', () => {
    const file = join(folder, 'password');
    writeFileSync(file, 'from a file\n');

    expect(readConfig({ ...fit, SMPP_PASSWORD: '', SMPP_PASSWORD_FILE: file }).password).toBe('from a file');
  });

  test('refuses a twin that cannot be read, and both at once', () => {
    expect(problemsOf({ ...fit, SMPP_PASSWORD: undefined, SMPP_PASSWORD_FILE: join(folder, 'nothing') })).toEqual([
      'SMPP_PASSWORD_FILE: the file cannot be read',
    ]);
    expect(problemsOf({ ...fit, SMPP_PASSWORD_FILE: folder })).toEqual([
      'SMPP_PASSWORD: both SMPP_PASSWORD and SMPP_PASSWORD_FILE are set',
    ]);
  });
});

describe('declaredSettings', () => {
  test('lists what a config asks for, in its order', () => {
    const declared = declaredSettings(readConfig);

    expect(declared.map(({ name }) => name)).toEqual([
      'HOST',
      'PORT',
      'DATABASE_URL',
      'KAFKA_BROKERS',
      'KAFKA_TLS',
      'KAFKA_TLS_CA_FILE',
      'KAFKA_TLS_SERVER_NAME',
      'KAFKA_TLS_CLIENT_FILE',
      'KAFKA_SASL_MECHANISM',
      'KAFKA_SASL_USERNAME',
      'KAFKA_SASL_PASSWORD',
      'LOG_LEVEL',
      'FAILPOINTS',
      'SMPP_PASSWORD',
      'SMPP_WINDOW',
      'DRY_RUN',
    ]);
    expect(declared[1]).toEqual({
      name: 'PORT',
      kind: 'a port from 0 to 65535',
      fallback: '18001',
      about: 'Port that HTTP listens on',
      fileTwin: false,
    });
    expect(declared.find(({ name }) => name === 'SMPP_PASSWORD')).toEqual({
      name: 'SMPP_PASSWORD',
      kind: 'a secret',
      fallback: null,
      about: 'Password of the bind',
      fileTwin: true,
    });
  });
});
