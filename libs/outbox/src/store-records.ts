import type { RawRecord } from '@bijli/kafka';
import type { Transaction } from '@bijli/postgres';
import { query } from '@bijli/postgres';

/** One statement takes so many records. */
const RECORDS_PER_STATEMENT = 1_000;

/**
 * Stores records, those of a partition in their order, as they are, for the worker to handle, inside a transaction; those stored before are
 * left alone. `crashes` tells how many processes died over each, where any did.
 */
export async function storeRecords(
  tx: Transaction,
  subscription: string,
  records: readonly RawRecord[],
  crashes: ReadonlyMap<RawRecord, number> = new Map(),
): Promise<void> {
  for (let from = 0; from < records.length; from += RECORDS_PER_STATEMENT) {
    const some = records.slice(from, from + RECORDS_PER_STATEMENT);
    await query(
      tx,
      `with record as (
         select *
           from unnest(?::text[], ?::integer[], ?::bigint[], ?::text[], ?::bytea[], ?::text[], ?::smallint[])
             as record (topic, partition, record_offset, key, value, headers, crashes)
       ), stored as (
         insert into inbox (subscription, topic, partition, record_offset, key, value, headers)
         select ?, topic, partition, record_offset, key, value, headers::json from record order by record_offset
         on conflict do nothing
         returning subscription, id, key, topic, partition, record_offset
       ), keyed as (
         insert into inbox_key (subscription, key) select distinct subscription, key from stored order by key on conflict do nothing
       )
       insert into inbox_pending (subscription, id, key, crashes)
       select subscription, id, key, crashes
         from stored
         join (select topic, partition, record_offset, max(crashes) as crashes from record group by 1, 2, 3) given
        using (topic, partition, record_offset)`,
      [
        some.map(({ topic }) => topic),
        some.map(({ partition }) => partition),
        some.map(({ offset }) => String(offset)),
        some.map(({ key }) => storableKey(key)),
        some.map(({ value }) => value),
        some.map(({ headers }) => storableHeaders(headers)),
        some.map((record) => crashes.get(record) ?? 0),
        subscription,
      ],
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
