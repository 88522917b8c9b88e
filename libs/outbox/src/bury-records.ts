import type { RawRecord } from '@bijli/kafka';
import type { Transaction } from '@bijli/postgres';
import { query } from '@bijli/postgres';
import type { Death } from './read-event.ts';
import { storableKey } from './store-records.ts';

/** What happens to a dead letter of the same record: Kafka gives it once more (`leave`), or somebody replayed it in vain (`reopen`). */
export type BuriedBefore = 'leave' | 'reopen';

/** Makes dead letters of records that are not in an inbox. */
export async function buryRecords(
  tx: Transaction,
  subscription: string,
  dead: readonly { record: RawRecord; death: Death }[],
  buriedBefore: BuriedBefore,
): Promise<void> {
  if (dead.length === 0) return;
  await query(
    tx,
    `insert into dead_letter as d (subscription, topic, partition, record_offset, key, value, headers, received_at, reason, detail)
     select ?, topic, partition, record_offset, key, value, headers::json, now(), reason, detail
       from unnest(?::text[], ?::integer[], ?::bigint[], ?::text[], ?::bytea[], ?::text[], ?::text[], ?::text[])
         as record (topic, partition, record_offset, key, value, headers, reason, detail)
     on conflict on constraint dead_letter_record_key do update
       set state = 'waiting', reason = excluded.reason, detail = excluded.detail, deaths = d.deaths + 1, latest_died_at = now()
     where ? = 'reopen'`,
    [
      subscription,
      dead.map(({ record }) => record.topic),
      dead.map(({ record }) => record.partition),
      dead.map(({ record }) => String(record.offset)),
      dead.map(({ record }) => storableKey(record.key)),
      dead.map(({ record }) => record.value),
      dead.map(({ record }) => JSON.stringify(record.headers)),
      dead.map(({ death }) => death.reason),
      dead.map(({ death }) => death.detail),
      buriedBefore,
    ],
  );
}
