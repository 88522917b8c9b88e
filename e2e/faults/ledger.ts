import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import pg from 'pg';

/** One contact of a run, as the notifier's tables have it. */
export type LedgerRow = {
  readonly revision: number;
  readonly runState: string;
  /** The blind index of the mobile. */
  readonly index: string;
  readonly fate: 'carrier' | 'coalesced' | 'skipped';
  /** How a message ended by its rows; null where there is none: it never left. */
  readonly state: string | null;
  /** Whether its rows name it in doubt, at whatever time. */
  readonly wasDoubtful: boolean;
  /** How many of its sends were accepted. */
  readonly acceptances: number;
};

/** The further of two rows about one message stands first (services/notifier/PROTOCOL.md, step 9 and 10). */
const LEDGER = `
  with asked as (select run_id, run_day, revision, state from run where thread_id = $1),
  packed as (
    select p.run_id, p.chunk_no, u.seq, count(*)::int as n
      from accepted_pack p join asked a using (run_id) cross join unnest(p.seqs) as u (seq) group by 1, 2, 3),
  said as (
    select s.run_id, s.chunk_no, s.seq,
           (array_agg(s.state order by s.state = 'accepted' desc, s.send_no desc,
             array_position(array['underway', 'ambiguous', 'in-doubt', 'returned', 'deferred', 'blocked', 'superseded', 'stale',
                                  'unrenderable', 'rejected', 'accepted'], s.state) desc))[1] as state,
           bool_or(s.state in ('ambiguous', 'in-doubt')) as was_doubtful,
           count(*) filter (where s.state = 'accepted')::int as n
      from message_state s join asked a using (run_id) group by 1, 2, 3)
  select a.revision::int, a.state as "runState", l.mobile_index::text as index, l.fate,
         case when p.n > 0 then 'accepted' else s.state end as state,
         coalesce(s.was_doubtful, false) as "wasDoubtful", coalesce(p.n, 0) + coalesce(s.n, 0) as acceptances
    from ledger l join asked a using (run_id)
    left join packed p on p.run_id = l.run_id and p.chunk_no = l.chunk_no and p.seq = l.seq and l.fate = 'carrier'
    left join said s on s.run_id = l.run_id and s.chunk_no = l.chunk_no and s.seq = l.seq and l.fate = 'carrier'`;

/** Where a database is. */
export type DatabaseAddress = {
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
};

/** Asks a database once, on a connection of its own: no fault of an earlier one is left in it. */
export async function ask<T extends pg.QueryResultRow>(
  { port, ...rest }: DatabaseAddress,
  sql: string,
  values: readonly unknown[] = [],
): Promise<T[]> {
  const client = new pg.Client({ host: '127.0.0.1', port, ...rest, connectionTimeoutMillis: 5_000 });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<T>(sql, [...values])).rows;
  } finally {
    await client.end();
  }
}

/** Counts by a statement that answers `n`. */
export async function countOf(
  database: DatabaseAddress,
  sql: string,
  values: readonly unknown[] = [],
): Promise<number> {
  const [row] = await ask<{ n: number }>(database, sql, values);
  return row?.n ?? 0;
}

/** Reads everything that the ledger has of an outage. */
export function readLedger(notifier: DatabaseAddress, outageId: string): Promise<LedgerRow[]> {
  return ask<LedgerRow>(notifier, LEDGER, [`outage:${outageId}`]);
}

/** Computes what the notifier's tables have in place of a mobile: HMAC-SHA-256 over its E.164 form, the first 8 octets as a signed number. */
export function indexerOf(keyFile: string): (mobile: string) => string {
  const key = Buffer.from(readFileSync(keyFile, 'utf8').trim(), 'hex');
  return (mobile) => createHmac('sha256', key).update(`+91${mobile}`).digest().readBigInt64BE(0).toString();
}
