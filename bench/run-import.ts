import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { within } from './within.ts';

const repository = join(import.meta.dirname, '..');
const GIVE_UP_AFTER_S = 900;

/**
 * Runs `npm run import` on the system at a base port, with the network.csv and connections.csv of a folder, and resolves with what it printed.
 * It is the command as the user runs it, but for npm and the bootstrap, which add half a second.
 */
export function runImport(basePort: number, folder: string): Promise<string> {
  const files = ['--network', join(folder, 'network.csv'), '--connections', join(folder, 'connections.csv')];
  // When this bench began is not when the command does.
  const { BIJLI_BEGAN_AT: _, ...env } = process.env;
  const refused = ['--refused', join(folder, 'refused.csv')];
  const child = spawn(
    process.execPath,
    ['--conditions=bijli-source', 'scripts/cli/import/main.ts', ...files, ...refused],
    {
      cwd: repository,
      env: { ...env, BIJLI_PORT: String(basePort), NO_COLOR: '1' },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  const ended = new Promise<string>((resolve, reject) => {
    child.on('close', (code) =>
      code === 0 ? resolve(output) : reject(new Error(`it ended with ${code}:\n${output}`)),
    );
  });
  return within(GIVE_UP_AFTER_S, 'the import', ended, () => child.kill('SIGTERM'));
}
