import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { StartProblem } from './problem.ts';

/** Without them no number that is kept can be read or found again; nobody can make them anew. */
const irreplaceable = ['seal-keys', 'blind-index-key'];

/**
 * Sees that data of an earlier start have their keys beside them: new ones would be made in silence, and no text could be sent to anybody.
 * @throws StartProblem when a key is gone and data are there.
 */
export function checkSecrets({ dataFolder, fresh }: { dataFolder: string; fresh: boolean }): void {
  if (fresh || !existsSync(join(dataFolder, 'logs'))) return;
  const missing = irreplaceable.filter((name) => !existsSync(join(dataFolder, 'secrets', name)));
  if (missing.length === 0) return;
  const fix = `put ${join(dataFolder, 'secrets')} back from your backup, or start over without the data (npm start -- --fresh)`;
  throw new StartProblem(
    `${dataFolder} holds data, and the keys are gone that open their mobile numbers (${missing.join(', ')}): ${fix}.`,
  );
}
