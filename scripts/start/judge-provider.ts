import { join } from 'node:path';
import { providerVariables } from './own-smsc.ts';
import { StartProblem } from './problem.ts';

type ConfigModule = { readConfig: (env: NodeJS.ProcessEnv) => unknown };

const notifierConfig = join(import.meta.dirname, '../../services/notifier/src/config.ts');

/**
 * Lets the notifier judge the variables of the provider account that are given, before servers are started for it: it would
 * say so only when they are up, and then again and again.
 * @throws StartProblem naming what is wrong with each, never its value.
 */
export async function judgeProvider(env: NodeJS.ProcessEnv): Promise<void> {
  const given = providerVariables(env);
  const names = new Set(Object.keys(given).map((name) => name.replace(/_FILE$/, '')));
  if (names.size === 0) return;
  const { readConfig } = (await import(notifierConfig)) as ConfigModule;
  const problems = problemsOf(() => readConfig(given)).filter((problem) => names.has(nameIn(problem)));
  if (problems.length > 0) throw new StartProblem(`${problems.join('\n')}\n(docs/how-to/add-provider.md)`);
}

/** What a ConfigError says; much of it is of settings that only `npm start` knows. */
function problemsOf(read: () => unknown): readonly string[] {
  try {
    read();
    return [];
  } catch (error) {
    if (error instanceof Error && 'problems' in error) return error.problems as readonly string[];
    throw error;
  }
}

const nameIn = (problem: string): string => (/^\w+/.exec(problem)?.[0] ?? '').replace(/_FILE$/, '');
