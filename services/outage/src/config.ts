import { readSettings, serviceSettings } from '@bijli/service';
import { ESTIMATE_ALARM_MINUTES, HOLD_DOWN_MINUTES, MAX_HOLD_DOWN_MINUTES, UNDO_SECONDS } from './domain/limits.ts';

/** Everything the service is told from outside. */
export type Config = ReturnType<typeof readConfig>;

/** Reads the environment, and throws ConfigError naming every problem at once. */
export function readConfig(env: Readonly<Record<string, string | undefined>>) {
  const settings = readSettings(env);
  const config = {
    ...serviceSettings(settings, { port: 18_002 }),
    undoSeconds: settings.integer(
      'UNDO_SECONDS',
      { min: 0, max: 600 },
      {
        default: UNDO_SECONDS,
        about: 'How long an announcement, a new window or a cancellation over HTTP can be taken back; 0: told at once',
      },
    ),
    holdDownMinutes: settings.integer(
      'HOLD_DOWN_MINUTES',
      { min: 0, max: MAX_HOLD_DOWN_MINUTES },
      {
        default: HOLD_DOWN_MINUTES,
        about: 'How long what a machine reports waits before it is told; 0: told at once',
      },
    ),
    estimateAlarmMinutes: settings.integer(
      'ESTIMATE_ALARM_MINUTES',
      { min: 1, max: 240 },
      { default: ESTIMATE_ALARM_MINUTES, about: 'How long before a return time passes there is an alarm' },
    ),
    dueSweepSeconds: settings.integer(
      'DUE_SWEEP_SECONDS',
      { min: 1, max: 60 },
      { default: 1, about: 'How often it is looked for what is due: changes that waited, planned work that starts' },
    ),
  };
  settings.done();
  return config;
}
