import type { Transaction } from '@bijli/postgres';
import { query } from '@bijli/postgres';
import { topics } from '@bijli/events';
import { IS_BEHIND, IS_MASKED } from './list-dead-letters.ts';

/**
 * Gives a dead letter back to its subscription, inside the caller's transaction, as if it had just been stored, and lets its key go on; what
 * was left in its topic is read from there by the subscription (read-again.ts). `who` is written down. Resolves false, changing nothing,
 * when it is not waiting (somebody decided before), was masked, or stands behind something that is still to be read from its topic.
 */
export async function replayDeadLetter(tx: Transaction, id: string, who: string): Promise<boolean> {
  if (!(await decide(tx, id, 'replay', who))) return false;
  await query(
    tx,
    `with stored as (
       insert into inbox (subscription, topic, partition, record_offset, key, value, headers, received_at)
       select subscription, topic, partition, record_offset, key, value, headers, received_at
         from dead_letter where id = :id and last_offset is null and topic <> all(:compacted::text[])
       on conflict on constraint inbox_pkey do update set key = excluded.key
       returning subscription, id, key
     ), keyed as (
       insert into inbox_key (subscription, key) select subscription, key from stored on conflict do nothing
     ), asked as (
       insert into topic_reading as r (dead_letter_id, last_offset)
       select id, coalesce(last_offset, record_offset) from dead_letter
        where id = :id and (last_offset is not null or topic = any(:compacted::text[]))
       on conflict (dead_letter_id) do update
         set asked_at = now(), due_at = now(), begun_at = null, failures = 0, failure = null, first_offset = null,
             last_offset = greatest(r.last_offset, excluded.last_offset)
     )
     insert into inbox_pending (subscription, id, key) select subscription, id, key from stored on conflict do nothing`,
    { id, compacted: COMPACTED },
  );
  await release(tx, id);
  return true;
}

/**
 * Topics of which the newest state of a key counts. What their keys said since is asked of the topic: an erased consumer must not come back
 * with a record that was kept.
 */
const COMPACTED = Object.entries(topics).flatMap(([name, { cleanup }]) => (cleanup === 'compact' ? [name] : []));

/**
 * Lets a dead letter go, inside the caller's transaction: its event is never applied, and its key goes on with the next version. `who` is
 * written down. Resolves false, changing nothing, when it is not waiting.
 */
export async function discardDeadLetter(tx: Transaction, id: string, who: string): Promise<boolean> {
  if (!(await decide(tx, id, 'discard', who))) return false;
  await query(
    tx,
    `update inbox_key k set version = greatest(k.version, d.version)
       from dead_letter d where d.id = :id and d.version is not null and k.subscription = d.subscription and k.key = d.key`,
    { id },
  );
  await query(tx, TAKE_BACK, { id });
  await release(tx, id);
  return true;
}

/**
 * A reading that died half-way goes on behind what is let go, where that is less than it would read: a record, kept or left in its topic for
 * its size. It is given up where that is all. Two people may let go the same record: the second does not give up what stands behind it.
 */
const TAKE_BACK = `
  with behind as (
    update topic_reading r set first_offset = coalesce(d.last_offset, d.record_offset) + 1, begun_at = null, due_at = now()
      from dead_letter d
     where d.id = :id and r.dead_letter_id = d.id and coalesce(d.last_offset, d.record_offset) < r.last_offset
    returning r.dead_letter_id
  )
  delete from topic_reading where dead_letter_id = :id and not exists (select from behind)`;

/**
 * What may be decided. Batches of a partition are read in their order anyway, so only a kept record waits for those before it. What is replayed and
 * cannot be read may still be given up.
 */
const MAY_BE = {
  replay: `state = 'waiting' and not ${IS_MASKED} and not (last_offset is null and ${IS_BEHIND})`,
  discard: `(state = 'waiting' or exists (select from topic_reading r where r.dead_letter_id = dead_letter.id))`,
} as const;

async function decide(tx: Transaction, id: string, action: 'replay' | 'discard', who: string): Promise<boolean> {
  const decided = await query<{ id: string }>(
    tx,
    `with decided as (
       update dead_letter set state = :state where id = :id and ${MAY_BE[action]} returning id
     )
     insert into dead_letter_replay (dead_letter_id, action, who) select id, :action, :who from decided returning id`,
    { state: action === 'replay' ? 'replayed' : 'discarded', id, action, who },
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
      where d.id = :id and k.subscription = d.subscription and k.key = d.key and k.parked_reason = 'dead-letter'
        and not exists (select from dead_letter other where other.subscription = d.subscription and other.key = d.key and other.state = 'waiting')`,
    { id },
  );
}
