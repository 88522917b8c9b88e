import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { loadTexts, shippedTexts } from '@bijli/notifier/texts';
import { costLines, textLines } from './describe-texts.ts';

/** What a command came to: what is printed, and the code that it ends with. */
export type Ran = { readonly exitCode: 0 | 1; readonly output: string };

const shippedPath = join(import.meta.dirname, '../../../services/notifier/src/templates/approved.json');

const USAGE = `The texts that consumers are sent, as they are registered with the operators (DLT).

npm run templates -- check FILE    says what is wrong with your texts, and what each costs at its longest
npm run templates -- list [FILE]   shows every text; those that are shipped without FILE
npm run templates -- export FILE   writes the shipped texts into a new file, to begin with

The notifier sends the texts of TEMPLATES_FILE: docs/how-to/change-the-texts.md`;

/** Runs `npm run templates` on arguments; files are named as seen from `folder`. It ends with 1 where texts cannot be sent. */
export function runTemplates(args: readonly string[], folder: string): Ran {
  const asked = parsed(args);
  if (asked === null) return failed(USAGE);
  const { isHelp, action, file } = asked;
  if (isHelp || action === 'help') return { exitCode: 0, output: USAGE };
  if (action === 'list') return list(file === undefined ? null : resolve(folder, file));
  if (file === undefined) return failed(USAGE);
  const named = { path: resolve(folder, file), name: file };
  if (action === 'check') return check(named);
  return action === 'export' ? exportTo(named) : failed(USAGE);
}

type Asked = { readonly isHelp: boolean; readonly action: string | undefined; readonly file: string | undefined };

function parsed(args: readonly string[]): Asked | null {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { help: { type: 'boolean', short: 'h', default: false } },
    });
    const [action, file, ...more] = positionals;
    return more.length > 0 ? null : { isHelp: values.help, action, file };
  } catch {
    return null;
  }
}

/** A file, and what the user calls it. */
type Named = { readonly path: string; readonly name: string };

function check({ path, name }: Named): Ran {
  const { file, problems } = loadTexts(path);
  const costs = file === null ? [] : [...costLines(file), ''];
  if (file === null || problems.length > 0)
    return failed([...costs, ...problems, '', `${name}: ${count(problems.length, 'problem')}`].join('\n'));
  const { templates, causes, operators } = file;
  const counts = [
    count(templates.length, 'text'),
    count(Object.keys(causes).length, 'cause'),
    count(operators.length, 'operator'),
  ];
  return { exitCode: 0, output: [...costs, `${name}: ${counts.join(', ')}, nothing wrong`].join('\n') };
}

function list(path: string | null): Ran {
  const { file, problems } = path === null ? { file: shippedTexts, problems: [] } : loadTexts(path);
  return file === null ? failed(problems.join('\n')) : { exitCode: 0, output: textLines(file).join('\n') };
}

function exportTo({ path, name }: Named): Ran {
  try {
    // What is there is somebody's work.
    writeFileSync(path, readFileSync(shippedPath), { flag: 'wx' });
  } catch (error) {
    const isThere = (error as NodeJS.ErrnoException).code === 'EEXIST';
    return failed(isThere ? `${name} is there already: name a new file` : `${name} cannot be written`);
  }
  return { exitCode: 0, output: `${name} is yours: change it, then npm run templates -- check ${name}` };
}

const failed = (output: string): Ran => ({ exitCode: 1, output });

const count = (number: number, what: string): string => `${number} ${what}${number === 1 ? '' : 's'}`;
