import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Lists the files of a repository as git sees them, new ones included. */
export function repositoryFiles(root: string): string[] {
  const which = ['--cached', '--others', '--exclude-standard', '-z'];
  const listed = execFileSync('git', ['ls-files', ...which], { cwd: root, encoding: 'utf8', maxBuffer: 64e6 });
  return [...new Set(listed.split('\0'))].filter((file) => file && existsSync(join(root, file)));
}
