import type { RawRecord } from '@bijli/kafka';
import type { Transaction } from '@bijli/postgres';
import { query } from '@bijli/postgres';
import { inStatements } from './in-statements.ts';

/** What becomes of records that are stored already: nothing (Kafka gave them once more), or they are handled anew as they come now. */
export type StoredBefore = 'leave' | 'renew';

const RENEW =
  'on constraint inbox_pkey do update set key = excluded.key, value = excluded.value, headers = excluded.headers';

/**
 * Stores records, those of a partition in their order, as they are, for the worker to handle, inside a transaction. `crashes` tells how many
 * processes died over each, where any did.
 */
export async function storeRecords(
  tx: Transaction,
  subscription: string,
  records: readonly RawRecord[],
  { crashes = new Map(), before = 'leave' }: { crashes?: ReadonlyMap<RawRecord, number>; before?: StoredBefore } = {},
): Promise<void> {
  for (const some of inStatements(records, ({ value }) => value?.length ?? 0)) {
    await query(
      tx,
      `with record as (
         select *
           from unnest(:topics::text[], :partitions::integer[], :offsets::bigint[], :keys::text[], :values::bytea[], :headers::text[], :crashes::smallint[])
             as record (topic, partition, record_offset, key, value, headers, crashes)
       ), stored as (
         insert into inbox (subscription, topic, partition, record_offset, key, value, headers)
         select :subscription, topic, partition, record_offset, key, value, headers::json from record order by record_offset
         on conflict ${before === 'leave' ? 'do nothing' : RENEW}
         returning subscription, id, key, topic, partition, record_offset
       ), keyed as (
         insert into inbox_key (subscription, key) select distinct subscription, key from stored order by key on conflict do nothing
       )
       insert into inbox_pending (subscription, id, key, crashes)
       select subscription, id, key, crashes
         from stored
         join (select topic, partition, record_offset, max(crashes) as crashes from record group by 1, 2, 3) given
        using (topic, partition, record_offset)
       on conflict do nothing`,
      {
        topics: some.map(({ topic }) => topic),
        partitions: some.map(({ partition }) => partition),
        offsets: some.map(({ offset }) => String(offset)),
        keys: some.map(({ key }) => storableKey(key)),
        values: some.map(({ value }) => value),
        headers: some.map(({ headers }) => storableHeaders(headers)),
        crashes: some.map((record) => crashes.get(record) ?? 0),
        subscription,
      },
    );
  }
}

/** PostgreSQL's index takes no longer key than about 2,700 octets. */
const MAX_KEY_LENGTH = 255;

/** PostgreSQL's text has no NUL. A key that had to be changed becomes no aggregate's, so its record ends as a dead letter. */
export function storableKey(key: string | null): string {
  const withoutNul = (key ?? '').replaceAll('\0', '\u2400');
  return withoutNul.length <= MAX_KEY_LENGTH ? withoutNul : `${withoutNul.slice(0, MAX_KEY_LENGTH - 1)}…`;
}
const storableHeaders = (headers: Readonly<Record<string, string>>): string => JSON.stringify(headers);
