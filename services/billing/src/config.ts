import { readSettings, serviceSettings } from '@bijli/service';

/** Everything the service is told from outside. */
export type Config = ReturnType<typeof readConfig>;

/** Reads the environment, and throws ConfigError naming every problem at once. */
export function readConfig(env: Readonly<Record<string, string | undefined>>) {
  const settings = readSettings(env);
  const config = serviceSettings(settings, { port: 18_003 });
  settings.done();
  return config;
}
