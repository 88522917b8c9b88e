import { readSettings, type Settings, serviceSettings } from '@bijli/service';
import { parseBlindIndexKey, parseSealKeys } from '@bijli/units';
import { providerSettings } from './provider-settings.ts';
import { loadTexts, shippedTexts } from './templates/load-texts.ts';
import type { TextFile } from './templates/text-file.ts';

/** Everything the notifier is told from outside. */
export type Config = ReturnType<typeof readConfig>;

/** Reads the environment, and throws ConfigError naming every problem at once, those of the texts too. */
export function readConfig(env: Readonly<Record<string, string | undefined>>) {
  const settings = readSettings(env);
  const texts = textsOf(settings);
  const config = {
    ...serviceSettings(settings, { port: 18_005 }),
    sealKeys: settings.secret('SEAL_KEYS', parseSealKeys, 'Keys of the sealed numbers, id:hex with commas; all open'),
    blindIndexKey: settings.secret('BLIND_INDEX_KEY', parseBlindIndexKey, 'Key of the blind index, 64 hex digits'),
    largestAudience: settings.integer(
      'LARGEST_AUDIENCE',
      { min: 1, max: 10_000_000 },
      { default: 500_000, about: 'Runs with more contacts are refused' },
    ),
    confirmAbove: settings.integer(
      'CONFIRM_ABOVE',
      { min: 1, max: 10_000_000 },
      {
        default: 500_000,
        about: 'Runs with more contacts are held until somebody releases them and another confirms it',
      },
    ),
    newTimePauseSeconds: settings.integer(
      'NEW_TIME_PAUSE_SECONDS',
      { min: 0, max: 3_600 },
      { default: 600, about: 'Nobody is told a new return time sooner after the last one, unless that is past' },
    ),
    keptDays: settings.integer(
      'KEEP_DAYS',
      { min: 10, max: 3_650 },
      { default: 90, about: 'Days after which runs and what was told are forgotten' },
    ),
    orphanSweepSeconds: settings.integer(
      'ORPHAN_SWEEP_SECONDS',
      { min: 1, max: 3_600 },
      { default: 5, about: 'How often unmatched receipts are looked up' },
    ),
    texts,
    smpp: providerSettings(settings, texts),
  };
  settings.done();
  return config;
}

function textsOf(settings: Settings): TextFile {
  const path = settings.text('TEMPLATES_FILE', {
    default: '',
    about: 'File with the texts that the utility registered, its header and its ids; those that are shipped when empty',
  });
  if (path === '') return shippedTexts;
  const { file, problems } = loadTexts(path);
  for (const problem of problems) settings.refuse(`TEMPLATES_FILE: ${problem}`);
  return file ?? shippedTexts;
}
