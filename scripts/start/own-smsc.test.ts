import { describe, expect, test } from '@jest/globals';
import { providerVariables, readOwnSmsc } from './own-smsc.ts';

const own = {
  SMPP_HOST: 'smsc.example',
  SMPP_SYSTEM_ID: 'uppcl1',
  SMPP_PASSWORD: 'hush-hus',
  SMS_HEADER: 'UPPCLT',
  DLT_ENTITY_ID: '1101',
};

describe('readOwnSmsc', () => {
  test('finds none without SMPP_HOST: texts go to the simulator, whose window may be set', () => {
    expect(readOwnSmsc({})).toBeNull();
    expect(readOwnSmsc({ SMPP_WINDOW: '20' })).toBeNull();
  });

  test('hands on what concerns the provider and nothing else', () => {
    const { env } = readOwnSmsc({ ...own, SMPP_RATE_PARTS_PER_SECOND: '100', DATABASE_URL: 'x', SMPP_BIND: '' }) ?? {};

    expect(env).toEqual({ ...own, SMPP_RATE_PARTS_PER_SECOND: '100' });
  });

  test('shows where texts go, and never the password', () => {
    expect(readOwnSmsc(own)?.shown).toBe('uppcl1 at smsc.example:2775 without TLS, as UPPCLT');
    expect(readOwnSmsc({ ...own, SMPP_TLS: 'true', SMPP_PORT: '3550' })?.shown).toBe(
      'uppcl1 at smsc.example:3550 with TLS, as UPPCLT',
    );
  });

  test('refuses half an account, naming all that is missing', () => {
    expect(() => readOwnSmsc({ SMPP_HOST: 'smsc.example' })).toThrow(
      'set SMPP_SYSTEM_ID, SMPP_PASSWORD_FILE, SMS_HEADER, DLT_ENTITY_ID too',
    );
    expect(() => readOwnSmsc({ ...own, SMPP_PASSWORD: '', SMPP_PASSWORD_FILE: 'p' })).not.toThrow();
    const ofTexts = { ...own, SMS_HEADER: '', DLT_ENTITY_ID: '', TEMPLATES_FILE: '/texts.json' };
    expect(readOwnSmsc(ofTexts)?.shown).toMatch('as TEMPLATES_FILE says');
  });

  test('refuses an account without a host, which would not be used', () => {
    expect(() => readOwnSmsc({ SMPP_SYSTEM_ID: 'uppcl1' })).toThrow('SMPP_SYSTEM_ID is set, SMPP_HOST is not');
  });
});

test('providerVariables names files from where the user is', () => {
  const env = { INIT_CWD: '/here', SMPP_PASSWORD_FILE: 'secrets/smpp', SMPP_TLS_CA_FILE: '/etc/ca.pem' };

  expect(providerVariables(env)).toEqual({
    SMPP_PASSWORD_FILE: '/here/secrets/smpp',
    SMPP_TLS_CA_FILE: '/etc/ca.pem',
  });
});
