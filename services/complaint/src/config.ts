import { readSettings, serviceSettings } from '@bijli/service';
import { ANSWER_HOURS } from './domain/limits.ts';

/** Everything the service is told from outside. */
export type Config = ReturnType<typeof readConfig>;

/** Thirty days: whoever has not answered by then does not remember the question. */
const MOST_ANSWER_HOURS = 720;

/** Reads the environment, and throws ConfigError naming every problem at once. */
export function readConfig(env: Readonly<Record<string, string | undefined>>) {
  const settings = readSettings(env);
  const config = {
    ...serviceSettings(settings, { port: 18_004 }),
    answerHours: settings.integer(
      'ANSWER_HOURS',
      { min: 1, max: MOST_ANSWER_HOURS },
      { default: ANSWER_HOURS, about: 'How long a consumer has to say whether it is fixed, from the asking' },
    ),
    closeSweepSeconds: settings.integer(
      'CLOSE_SWEEP_SECONDS',
      { min: 1, max: 3_600 },
      { default: 60, about: 'How often complaints are closed whose consumer did not answer in time' },
    ),
  };
  settings.done();
  return config;
}
