import type pg from 'pg';

/** The tables that hold what a run told, parents first; `run` has one row of it. */
const TABLES = [
  'run',
  'chunk',
  'ledger',
  'accepted_pack',
  'receipt_pack',
  'chunk_end',
  'count_change',
  'message_state',
];
/** A transaction holds a lock on each table that it makes: some days at a time. */
const DAYS_AT_ONCE = 20;

/** Makes the partitions of so many days before today. */
export async function openPastDays(notifier: pg.Client, days: number): Promise<void> {
  for (let first = 1; first <= days; first += DAYS_AT_ONCE)
    await notifier.query(
      `select open_day((now() at time zone 'Asia/Kolkata')::date - n) from generate_series($1::integer, $2::integer) as n`,
      [first, Math.min(days, first + DAYS_AT_ONCE - 1)],
    );
}

/** Copies all of a complete run to so many days before today, as a run of its own. @returns the rows that the ledger has more. */
export type CopyToPast = (daysAgo: number) => Promise<number>;

/** Prepares copies of a complete run. */
export async function copierOf(notifier: pg.Client, runId: string): Promise<CopyToPast> {
  const columns = new Map<string, readonly Column[]>();
  for (const table of TABLES) columns.set(table, await columnsOf(notifier, table));
  return async (daysAgo) => {
    const copy = crypto.randomUUID();
    let rows = 0;
    await notifier.query('begin');
    for (const [table, all] of columns) {
      const { rowCount } = await notifier.query(copyStatement(table, all, { runId, copy, daysAgo }));
      if (table === 'ledger') rows = rowCount ?? 0;
    }
    await notifier.query('commit');
    return rows;
  };
}

/** Brings what the planner and the visibility map know up to date, as the server itself does a minute later: it is not what is compared. */
export async function settleTables(notifier: pg.Client): Promise<void> {
  await notifier.query('vacuum (analyze)');
}

type Column = { readonly name: string; readonly type: string };
type Copied = { readonly runId: string; readonly copy: string; readonly daysAgo: number };

async function columnsOf(notifier: pg.Client, table: string): Promise<Column[]> {
  const { rows } = await notifier.query<Column>(
    `select column_name as name, data_type as type from information_schema.columns
      where table_schema = 'public' and table_name = $1 order by ordinal_position`,
    [table],
  );
  return rows;
}

function copyStatement(table: string, columns: readonly Column[], { runId, copy, daysAgo }: Copied): string {
  const given: Readonly<Record<string, string>> = {
    ...{ run_id: `'${copy}'`, thread_id: `'outage:${copy}'`, is_live: 'false' },
  };
  const valueOf = ({ name, type }: Column): string => {
    const isTime = type === 'date' || type === 'timestamp with time zone';
    return given[name] ?? (isTime ? `(${name} - interval '${daysAgo} days')::${type}` : name);
  };
  return `insert into ${table} (${columns.map(({ name }) => name).join(', ')})
          select ${columns.map(valueOf).join(', ')} from ${table} where run_id = '${runId}'`;
}
