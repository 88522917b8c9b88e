import type { UnreadableBatch } from '@bijli/kafka';
import type { Database, Transaction } from '@bijli/postgres';
import { query } from '@bijli/postgres';

/**
 * Makes a dead letter of a batch that cannot be read. Its octets stay in the topic, whence they are read again when it is replayed. Met once
 * more, it is the same letter, and a decision about it stands (`leave`), unless it was replayed in vain (`reopen`) or reaches further now.
 */
export async function parkBatch(
  on: Database | Transaction,
  subscription: string,
  { topic, partition, first, last, reason, detail }: UnreadableBatch,
  before: 'leave' | 'reopen' = 'leave',
): Promise<void> {
  await query(
    on,
    `insert into dead_letter as d
            (subscription, topic, partition, record_offset, last_offset, key, headers, received_at, reason, detail)
     values (:subscription, :topic, :partition, :first, :last, '', '{}', now(), :reason, :detail)
     on conflict on constraint dead_letter_record_key do update
       set state = 'waiting', last_offset = excluded.last_offset, key = '', value = null, headers = '{}',
           reason = excluded.reason, detail = excluded.detail, deaths = d.deaths + 1, latest_died_at = now()
     where :before = 'reopen' or d.last_offset is null or d.last_offset < excluded.last_offset`,
    { subscription, topic, partition, first: String(first), last: String(last), reason, detail, before },
  );
}
