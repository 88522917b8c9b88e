import { readSettings, serviceSettings } from '@bijli/service';
import { parseBlindIndexKey, parseSealKeys } from '@bijli/units';
import { providerSettings } from './provider-settings.ts';

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
    smpp: providerSettings(settings),
  };
  settings.done();
  return config;
}
