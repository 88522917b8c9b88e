// Reads the settings of services as they would themselves, in a process that ends after it: the start command shall not carry their
// libraries. Standard input: for each service its name and environment; standard output: for each the settings that are wrong.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

type Given = { readonly name: string; readonly env: Record<string, string> };
type ConfigModule = { readonly readConfig: (env: Record<string, string>) => unknown };

const given = JSON.parse(readFileSync(0, 'utf8')) as Given[];
const found = await Promise.all(given.map(async (one) => ({ name: one.name, problems: await problemsOf(one) })));
process.stdout.write(JSON.stringify(found));

async function problemsOf({ name, env }: Given): Promise<readonly string[]> {
  const path = join(import.meta.dirname, '../../../services', name, 'src/config.ts');
  const { readConfig } = (await import(path)) as ConfigModule;
  try {
    readConfig(env);
  } catch (error) {
    if (isConfigError(error)) return error.problems;
    throw error;
  }
  return [];
}

/** The class itself is the services', with all that their library loads. */
function isConfigError(error: unknown): error is Error & { problems: readonly string[] } {
  return error instanceof Error && error.name === 'ConfigError' && 'problems' in error;
}
