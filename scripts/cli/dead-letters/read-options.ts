import { parseArgs } from 'node:util';
import type { DeadLetterFilter } from '@bijli/outbox';
import { asksForHelp } from '@bijli/start/asks-for-help';
import { type DatabaseName, databaseNames } from '@bijli/start/databases';
import { serviceOf } from '@bijli/start/migrations';
import { sinceOf } from './since-of.ts';

/** More than that is counted, not listed, unless somebody says how many. */
export const LISTED_UNASKED = 20;

const FILTERS = '[--subscription NAME] [--reason REASON] [--since WHEN]';
export const USAGE = `npm run dead-letters [-- list] [--service NAME] ${FILTERS} [--limit N]
npm run dead-letters -- show --service NAME --id ID
npm run dead-letters -- replay|discard --service NAME (--id ID | --all ${FILTERS}) --who YOU [--dry-run]

Dead letters are records that a service could not handle. Each waits until somebody replays it, when the cause is gone, or discards it.

  list       shows them, oldest first; more than ${LISTED_UNASKED} as counts by service, subscription and reason, unless --limit says how many
  show       shows everything that is kept of one
  replay     hands them to their subscription once more, and writes down who said so
  discard    gives them up, and writes down who said so

  --service, --subscription, --reason
             only those, named as the list names them
  --since    only those that died then or later: 30m, 2h, 3d, or an instant like 2026-01-30T14:05:00+05:30
  --dry-run  says what would be done
  --help     this

It finds the databases by BIJLI_PORT, BIJLI_DATA and DATABASE_URL, as they were given to npm start.`;

/** What somebody asked for. */
export type Options =
  | { readonly action: 'help' }
  | {
      readonly action: 'list';
      readonly databases: readonly DatabaseName[];
      readonly filter: DeadLetterFilter;
      readonly limit: number | null;
    }
  | { readonly action: 'show'; readonly database: DatabaseName; readonly id: string }
  | {
      readonly action: 'replay' | 'discard';
      readonly database: DatabaseName;
      readonly filter: DeadLetterFilter;
      readonly who: string;
      readonly isDryRun: boolean;
    };

/**
 * Reads what somebody asked for from the command line.
 * @throws Error in words for what cannot be meant.
 */
export function readOptions(args: readonly string[], now: Date): Options {
  if (asksForHelp(args)) return { action: 'help' };
  const { values, positionals } = parse(args);
  const [action = 'list', ...rest] = positionals;
  const databases = databaseNames.filter((name) => values.service === undefined || serviceOf(name) === values.service);
  if (rest.length > 0) throw new Error(`one thing at a time, not ${positionals.join(' ')}`);
  if (databases.length === 0)
    throw new Error(`there is no service ${values.service}: ${databaseNames.map(serviceOf).join(', ')}`);
  const filter = filterOf(values, now);
  if (action === 'list') return { action, databases, filter, limit: limitOf(values.limit) };
  const [database] = databases;
  if (values.service === undefined || database === undefined) throw new Error(`${action} needs --service`);
  if (action === 'show' && values.id !== undefined) return { action, database, id: values.id };
  if (action !== 'replay' && action !== 'discard') throw new Error(`${action} cannot be done so: see --help`);
  if (values.limit !== undefined) throw new Error(`${action} knows no --limit: it means all that the filter means`);
  if (values.who === undefined || values.who.trim() === '')
    throw new Error(`${action} needs --who: it is written down`);
  if ((values.id === undefined) !== values.all) throw new Error(`${action} needs either --id or --all`);
  return { action, database, filter, who: values.who, isDryRun: values['dry-run'] };
}

function parse(args: readonly string[]) {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean', default: false } as const;
  const options = { service: text, subscription: text, reason: text, since: text, limit: text, id: text, who: text };
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options: { ...options, all: flag, 'dry-run': flag } });
  } catch (cause) {
    throw new Error(`${(cause as Error).message.split('. ')[0]}: see --help`, { cause });
  }
}

function filterOf(
  { id, subscription, reason, since }: ReturnType<typeof parse>['values'],
  now: Date,
): DeadLetterFilter {
  const from = since === undefined ? undefined : sinceOf(since, now);
  if (from === null) throw new Error(`--since ${since} is no time: write 30m, 2h, 3d, or 2026-01-30T14:05:00+05:30`);
  if (id !== undefined && !/^\d{1,18}$/.test(id)) throw new Error(`--id ${id} is no number of a dead letter`);
  return { id, subscription, reason, since: from };
}

function limitOf(text: string | undefined): number | null {
  if (text === undefined) return null;
  if (!/^[1-9]\d{0,6}$/.test(text)) throw new Error(`--limit ${text} is no whole number from 1`);
  return Number(text);
}
