import { ConfigError, logLevels, readSettings } from '@bijli/service';
import { behaviourSchema } from './behaviour-schema.ts';
import type { Behaviour } from './domain/behaviour.ts';

/** Everything the simulator is told from outside. */
export type Config = ReturnType<typeof readConfig>;

const GIGABYTE = 1_000_000_000;
const MEGABYTE = 1_000_000;

/** Reads the environment, and throws ConfigError naming every problem at once. */
export function readConfig(env: Readonly<Record<string, string | undefined>>) {
  const settings = readSettings(env);
  const config = {
    host: settings.text('HOST', {
      default: '127.0.0.1',
      about: 'Address that HTTP and SMPP listen on; loopback unless told otherwise',
    }),
    port: settings.port('PORT', { default: 18_006, about: 'Port that HTTP listens on' }),
    logLevel: settings.choice('LOG_LEVEL', logLevels, { default: 'info', about: 'Least level that is logged' }),
    smppPort: settings.port('SMPP_PORT', { default: 18_007, about: 'Port that SMPP listens on' }),
    systemId: settings.text('SMPP_SYSTEM_ID', { about: 'System id of the one account, at most 64 characters' }),
    password: settings.secret('SMPP_PASSWORD', undefined, 'Its password, at most 64 characters'),
    window: settings.integer(
      'SMPP_WINDOW',
      { min: 1, max: 10_000 },
      { default: 1_000, about: 'Unanswered submit_sm, and unanswered receipts, on one connection at most' },
    ),
    pduLog: settings.text('PDU_LOG', { about: 'Path of the append-only log of every PDU; its folder is made' }),
    logMaxOctets: settings.integer(
      'SIMULATOR_LOG_MAX_OCTETS',
      { min: MEGABYTE, max: 100 * GIGABYTE },
      { default: 2 * GIGABYTE, about: 'Size at which the log begins anew' },
    ),
    logFiles: settings.integer(
      'SIMULATOR_LOG_FILES',
      { min: 0, max: 100 },
      { default: 2, about: 'Full logs that are kept beside the present one' },
    ),
    seed: settings.integer(
      'SIMULATOR_SEED',
      { min: 0, max: 2 ** 32 - 1 },
      { default: 1, about: 'Seed of the dice that rates and delays are drawn with' },
    ),
    behaviour: settings.text('SIMULATOR_BEHAVIOUR', {
      default: '{}',
      about: 'Knobs at the start: the JSON of `PUT /v1/behaviour`',
    }),
  };
  settings.done();
  return { ...config, behaviour: parseBehaviour(config.behaviour) };
}

function parseBehaviour(text: string): Behaviour {
  const parsed = behaviourSchema.safeParse(jsonOf(text));
  if (parsed.success) return parsed.data;
  throw new ConfigError(
    parsed.error.issues.map(({ path, message }) => `SIMULATOR_BEHAVIOUR: ${[...path, message].join(': ')}`),
  );
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ConfigError(['SIMULATOR_BEHAVIOUR: is not JSON']);
  }
}
