import type { Transaction } from '@bijli/postgres';
import { query } from '@bijli/postgres';
import { IS_MASKED } from './dead-letters.ts';

/**
 * Gives a dead letter back to its subscription, inside the caller's transaction, as if it had just been stored, and lets its key go on; what
 * was left in its topic is read from there by the subscription (read-again.ts). `who` is written down. Resolves false, changing nothing,
 * when it is not waiting (somebody decided before) or was masked.
 */
export async function replayDeadLetter(tx: Transaction, id: string, who: string): Promise<boolean> {
  if (!(await decide(tx, id, 'replay', who))) return false;
  await query(
    tx,
    `with stored as (
       insert into inbox (subscription, topic, partition, record_offset, key, value, headers, received_at)
       select subscription, topic, partition, record_offset, key, value, headers, received_at
         from dead_letter where id = ? and last_offset is null
       on conflict on constraint inbox_pkey do update set key = excluded.key
       returning subscription, id, key
     ), keyed as (
       insert into inbox_key (subscription, key) select subscription, key from stored on conflict do nothing
     ), asked as (
       insert into topic_reading (dead_letter_id) select id from dead_letter where id = ? and last_offset is not null
       on conflict do nothing
     )
     insert into inbox_pending (subscription, id, key) select subscription, id, key from stored on conflict do nothing`,
    [id, id],
  );
  await release(tx, id);
  return true;
}

/**
 * Lets a dead letter go, inside the caller's transaction: its event is never applied, and its key goes on with the next version. `who` is
 * written down. Resolves false, changing nothing, when it is not waiting.
 */
export async function discardDeadLetter(tx: Transaction, id: string, who: string): Promise<boolean> {
  if (!(await decide(tx, id, 'discard', who))) return false;
  await query(
    tx,
    `update inbox_key k set version = greatest(k.version, d.version)
       from dead_letter d where d.id = ? and d.version is not null and k.subscription = d.subscription and k.key = d.key`,
    [id],
  );
  await release(tx, id);
  return true;
}

async function decide(tx: Transaction, id: string, action: 'replay' | 'discard', who: string): Promise<boolean> {
  const decided = await query<{ id: string }>(
    tx,
    `with decided as (
       update dead_letter set state = ? where id = ? and state = 'waiting' ${action === 'replay' ? `and not ${IS_MASKED}` : ''} returning id
     )
     insert into dead_letter_replay (dead_letter_id, action, who) select id, ?, ? from decided returning id`,
    [action === 'replay' ? 'replayed' : 'discarded', id, action, who],
  );
  return decided.length === 1;
}

/** The key goes on, unless another of its dead letters still waits. */
async function release(tx: Transaction, id: string): Promise<void> {
  await query(
    tx,
    `update inbox_key k
        set parked_until = null, parked_since = null, parked_reason = null, attempts = 0
       from dead_letter d
      where d.id = ? and k.subscription = d.subscription and k.key = d.key and k.parked_reason = 'dead-letter'
        and not exists (select from dead_letter other where other.subscription = d.subscription and other.key = d.key and other.state = 'waiting')`,
    [id],
  );
}
