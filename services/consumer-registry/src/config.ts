import { readSettings, serviceSettings } from '@bijli/service';
import { parseBlindIndexKey, parseSealKeys } from '@bijli/units';

/** Everything the registry is told from outside. */
export type Config = ReturnType<typeof readConfig>;

/** Reads the environment, and throws ConfigError naming every problem at once. */
export function readConfig(env: Readonly<Record<string, string | undefined>>) {
  const settings = readSettings(env);
  const config = {
    ...serviceSettings(settings, { port: 18_001 }),
    sealKeys: settings.secret(
      'SEAL_KEYS',
      parseSealKeys,
      'Keys of the sealed numbers, id:hex with commas; the first seals, all open',
    ),
    blindIndexKey: settings.secret('BLIND_INDEX_KEY', parseBlindIndexKey, 'Key of the blind index, 64 hex digits'),
  };
  settings.done();
  return config;
}
