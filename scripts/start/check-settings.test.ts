import { describe, expect, test } from '@jest/globals';
import { checkSettings } from './check-settings.ts';
import type { Program } from './services.ts';

const outage = (env: Record<string, string>): Program => ({
  name: 'outage',
  folder: '',
  args: [],
  readyAt: '',
  env: { DATABASE_URL: 'postgres://a:b@127.0.0.1/outage', KAFKA_BROKERS: '127.0.0.1:1', ...env },
});

describe('settings that are judged before anything starts', () => {
  test('are taken when their services would take them', async () => {
    await expect(checkSettings([outage({})])).resolves.toBeUndefined();
  });

  test('are refused all at once, by service and name, without their values', async () => {
    const wrong = checkSettings([outage({ LOG_LEVEL: 'hush-hush', PORT: 'many' }), outage({})]);

    await expect(wrong).rejects.toThrow(
      /^Settings are wrong, nothing was started:\n {2}outage: PORT: is not a whole number .*\n {2}outage: LOG_LEVEL: is not one of .*$/,
    );
    await expect(wrong).rejects.not.toThrow('hush-hush');
  });

  test('are those of the provider and of the texts, too', async () => {
    const keys = { SEAL_KEYS: `k1:${'0'.repeat(64)}`, BLIND_INDEX_KEY: '0'.repeat(64), SMPP_SYSTEM_ID: 'uppcl1' };
    const provider = { SMPP_PASSWORD: 'p'.repeat(65), SMPP_WINDOW: '0', TEMPLATES_FILE: '/nowhere/texts.json' };
    const wrong = checkSettings([{ ...outage({ ...keys, ...provider }), name: 'notifier' }]);

    await expect(wrong).rejects.toThrow(/notifier: SMPP_PASSWORD: is not a secret of at most 64 ASCII characters/);
    await expect(wrong).rejects.toThrow(/notifier: SMPP_WINDOW: is not a whole number from 1 to 1000/);
    await expect(wrong).rejects.toThrow(/notifier: TEMPLATES_FILE: the file cannot be read/);
    await expect(wrong).rejects.not.toThrow('ppp');
  });
});
