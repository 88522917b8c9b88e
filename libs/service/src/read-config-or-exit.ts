import { ConfigError } from './config-error.ts';
import { openLog } from './open-log.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads the environment of a service that starts. Where it is not fit, one FATAL line of the log names every setting that is wrong, and the
 * process exits 1.
 */
export function readConfigOrExit<Config>(
  service: string,
  readConfig: (env: Environment) => Config,
  env: Environment,
): Config {
  try {
    return readConfig(env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    openLog(service).fatal({ problems: error.problems }, 'settings are wrong');
    process.exit(1);
  }
}
