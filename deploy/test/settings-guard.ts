import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError, type DeclaredSetting, declaredSettings } from '@bijli/service';
import { environmentOf, type Resource, secretFiles, workloads } from './resources.ts';

/** The `config.ts` of a service. */
export type ConfigModule = { readonly readConfig: Parameters<typeof declaredSettings>[0] };

/** Read by the telemetry that starts before the service (libs/service, telemetry). */
const ofTelemetry = /^OTEL_/;

/** Compares what each service is given with what its `config.ts` asks for: nothing is missing, unknown or of another form. */
export function settingsProblems(
  resources: readonly Resource[],
  configs: Readonly<Record<string, ConfigModule>>,
): string[] {
  return workloads(resources)
    .filter(({ kind }) => kind === 'Deployment')
    .flatMap(({ name, pod }) => {
      const config = configs[name];
      const container = pod.containers[0];
      if (!config || !container) return [`${name} has no config.ts`];
      const given = environmentOf(container, resources);
      const declared = declaredSettings(config.readConfig);
      const problems = [
        ...unknown(given, declared),
        ...unmounted(given, secretFiles(pod, container)),
        ...refused(given, declared, config),
      ];
      return problems.map((problem) => `${name}: ${problem}`);
    });
}

type Environment = Readonly<Record<string, string>>;

function unknown(given: Environment, declared: readonly DeclaredSetting[]): string[] {
  const known = new Set(declared.flatMap(({ name, fileTwin }) => (fileTwin ? [name, `${name}_FILE`] : [name])));
  return Object.keys(given)
    .filter((name) => !known.has(name) && !ofTelemetry.test(name))
    .map((name) => `${name} is no setting of it`);
}

/** Where the Dockerfile puts the repository. */
const IMAGE = '/app/';
const repository = join(import.meta.dirname, '../..');

/** A setting that names a file names one of a secret, or one that every image has. */
function unmounted(given: Environment, files: ReadonlyMap<string, string>): string[] {
  return Object.entries(given)
    .filter(([name, value]) => name.endsWith('_FILE') && !files.has(value) && !isInImage(value))
    .map(([name, value]) => `${name} names ${value}, which no secret of the pod is at`);
}

function isInImage(path: string): boolean {
  return path.startsWith(IMAGE) && existsSync(join(repository, path.slice(IMAGE.length)));
}

/** Lets the service read what it is given. Files are not there, so what it says of a setting that names one is set aside. */
function refused(given: Environment, declared: readonly DeclaredSetting[], config: ConfigModule): string[] {
  const named = declared.flatMap(({ name }) => (given[`${name}_FILE`] ? [name] : []));
  const plain = Object.fromEntries(Object.entries(given).filter(([name]) => !name.endsWith('_FILE')));
  try {
    config.readConfig(plain);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.filter((problem) => !named.some((name) => problem.startsWith(`${name}: is missing`)));
  }
}
