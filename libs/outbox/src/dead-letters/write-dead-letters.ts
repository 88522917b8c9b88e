import type { RawRecord } from '@bijli/kafka';
import type { Transaction } from '@bijli/postgres';
import { query } from '@bijli/postgres';
import { inStatements } from '../records/in-statements.ts';
import { isLeftInTopic } from './left-in-topic.ts';
import type { DeadReason } from '../records/read-event.ts';
import { storableKey } from '../records/store-records.ts';

/** What happens to a dead letter of the same record: Kafka gives it once more (`leave`), or somebody replayed it in vain (`reopen`). */
export type WrittenBefore = 'leave' | 'reopen';

/** Makes dead letters of records that are not in an inbox. */
export async function writeDeadLetters(
  tx: Transaction,
  subscription: string,
  dead: readonly { record: RawRecord; deadReason: DeadReason }[],
  writtenBefore: WrittenBefore,
): Promise<void> {
  for (const some of inStatements(dead, ({ record }) => record.value?.length ?? 0))
    await query(
      tx,
      `insert into dead_letter as d
              (subscription, topic, partition, record_offset, last_offset, key, value, headers, received_at, reason, detail)
       select :subscription, topic, partition, record_offset, case when ${isLeftInTopic('headers')} then record_offset end, key, value, headers::json,
              now(), reason, detail
         from unnest(:topics::text[], :partitions::integer[], :offsets::bigint[], :keys::text[], :values::bytea[], :headers::text[], :reasons::text[], :details::text[])
           as record (topic, partition, record_offset, key, value, headers, reason, detail)
       on conflict on constraint dead_letter_record_key do update
         set state = 'waiting', reason = excluded.reason, detail = excluded.detail, deaths = d.deaths + 1, latest_died_at = now(),
             key = excluded.key, value = excluded.value, headers = excluded.headers, last_offset = excluded.last_offset
       where :writtenBefore = 'reopen'`,
      {
        subscription,
        topics: some.map(({ record }) => record.topic),
        partitions: some.map(({ record }) => record.partition),
        offsets: some.map(({ record }) => String(record.offset)),
        keys: some.map(({ record }) => storableKey(record.key)),
        values: some.map(({ record }) => record.value),
        headers: some.map(({ record }) => JSON.stringify(record.headers)),
        reasons: some.map(({ deadReason }) => deadReason.reason),
        details: some.map(({ deadReason }) => deadReason.detail),
        writtenBefore,
      },
    );
}
