import { loadTexts } from '@bijli/notifier/texts';
import { providerVariables } from './own-smsc.ts';
import { StartProblem } from './problem.ts';

/**
 * Judges the user's own texts, before any server is started for them.
 * @throws StartProblem naming everything that is wrong with them.
 */
export function judgeOwnTexts(env: NodeJS.ProcessEnv): void {
  const { TEMPLATES_FILE: path } = providerVariables(env);
  if (path === undefined) return;
  const { problems } = loadTexts(path);
  if (problems.length === 0) return;
  const advice = 'mend it (npm run templates -- check FILE), or unset TEMPLATES_FILE';
  throw new StartProblem(
    [`The texts of ${path} cannot be sent: ${advice}.`, ...problems.map((problem) => `  ${problem}`)].join('\n'),
  );
}
