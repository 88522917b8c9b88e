import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { readStartSettings } from '@bijli/start/settings';
import { userFolder } from '@bijli/start/user-folder';
import { ImportProblem } from './import-problem.ts';

/** What a file holds; the network is imported first, since connections hang on it. */
export type FileKind = 'network' | 'connections';

/** What the user asked for. */
export type ImportOptions = {
  readonly files: readonly { kind: FileKind; path: string }[];
  /** Where consumer-registry answers. */
  readonly registry: string;
  /** Where the notifier answers; null when nobody said, and the registry is not that of this machine. */
  readonly notifier: string | null;
  /** Where refused rows go; null for a file beside the one that they come from. */
  readonly refusedFile: string | null;
  readonly isDryRun: boolean;
};

const usage =
  'npm run import -- --network FILE --connections FILE [--dry-run] [--refused FILE] [--registry URL] [--notifier URL]';

export const USAGE = `${usage}

Brings a district of one's own into the running system: the network first, then the connections that hang on it.

  --network FILE, --connections FILE
                      CSV files, as docs/how-to/import-your-district.md describes them; one of them or both
  --dry-run           says what would be taken and what is wrong, and changes nothing
  --refused FILE      where refused rows go; beside the file that they come from unless told
  --registry URL, --notifier URL
                      a system elsewhere; unless told, the one that npm start runs, found by BIJLI_PORT
  --help              this

Exit code: 0 when everything was taken, 2 when rows were refused, 1 when it failed.`;

/**
 * Reads what the user asked for from the environment and the command line.
 * @throws ImportProblem for what cannot be meant.
 */
export function readImportOptions(env: NodeJS.ProcessEnv, args: readonly string[]): ImportOptions {
  const given = parse(args);
  const from = userFolder(env);
  const files = (['network', 'connections'] as const).flatMap((kind) => {
    const path = given[kind];
    return path === undefined ? [] : [{ kind, path: resolve(from, path) }];
  });
  if (files.length === 0) throw new ImportProblem(`Name a file to import: ${usage}`);
  const { ports } = readStartSettings({ BIJLI_PORT: env['BIJLI_PORT'] }, []);
  const here = (port: number): string => `http://127.0.0.1:${port}`;
  return {
    files,
    registry: addressOf(given.registry) ?? here(ports['consumer-registry']),
    notifier: addressOf(given.notifier) ?? (given.registry === undefined ? here(ports.notifier) : null),
    refusedFile: given.refused === undefined ? null : resolve(from, given.refused),
    isDryRun: given['dry-run'],
  };
}

function parse(args: readonly string[]) {
  const text = { type: 'string' } as const;
  const options = { network: text, connections: text, refused: text, registry: text, notifier: text };
  try {
    const dryRun = { type: 'boolean', default: false } as const;
    return parseArgs({ args: [...args], options: { ...options, 'dry-run': dryRun } }).values;
  } catch (fault) {
    throw new ImportProblem(`${(fault as Error).message.split('. ')[0]}: ${usage}`);
  }
}

function addressOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  if (!/^https?:$/.test(URL.parse(text)?.protocol ?? ''))
    throw new ImportProblem(`"${text}" is no address: write it like http://127.0.0.1:18001.`);
  return text.replace(/\/+$/, '');
}
