import { readSettings, serviceSettings } from '@bijli/service';
import { parseBlindIndexKey, parseSealKeys } from '@bijli/units';

/** Everything the notifier is told from outside. */
export type Config = ReturnType<typeof readConfig>;

/** This function will read the environment, and throw ConfigError naming every problem at once. */
export function readConfig(env: Readonly<Record<string, string | undefined>>) {
  const settings = readSettings(env);
  const config = {
    ...serviceSettings(settings, { port: 18_005 }),
    sealKeys: settings.secret('SEAL_KEYS', parseSealKeys, 'Keys of the sealed numbers, id:hex with commas; all open'),
    blindIndexKey: settings.secret('BLIND_INDEX_KEY', parseBlindIndexKey, 'Key of the blind index, 64 hex digits'),
    largestAudience: settings.integer(
      'LARGEST_AUDIENCE',
      { min: 1, max: 10_000_000 },
      { default: 500_000, about: 'Runs with more contacts are refused' },
    ),
    orphanSweepSeconds: settings.integer(
      'ORPHAN_SWEEP_SECONDS',
      { min: 1, max: 3_600 },
      { default: 60, about: 'How often unmatched receipts are looked up' },
    ),
    smpp: {
      host: settings.text('SMPP_HOST', { default: '127.0.0.1', about: 'Host of the SMSC' }),
      port: settings.port('SMPP_PORT', { default: 18_007, about: 'Port of the SMSC' }),
      systemId: settings.text('SMPP_SYSTEM_ID', { about: 'System id of the provider account' }),
      password: settings.secret('SMPP_PASSWORD', undefined, 'Password of the provider account'),
      window: settings.integer(
        'SMPP_WINDOW',
        { min: 1, max: 1_000 },
        { default: 50, about: 'Unanswered messages on the link at most' },
      ),
      ratePartsPerSecond: settings.integer(
        'SMPP_RATE_PARTS_PER_SECOND',
        { min: 1, max: 100_000 },
        { default: 1_000, about: 'Contracted rate; sizes the slices' },
      ),
      header: settings.text('SMS_HEADER', {
        default: 'UPPCLP',
        about: 'Registered header (DLT), the sender of every text',
      }),
      entityId: settings.text('DLT_ENTITY_ID', {
        default: '1101000000000000001',
        about: 'Registered principal entity (DLT)',
      }),
    },
  };
  settings.done();
  return config;
}
