import type { SqlValue, Transaction } from '@bijli/postgres';
import { query } from '@bijli/postgres';
import { isLeftInTopic } from './left-in-topic.ts';
import type { Verdict } from './judge-rows.ts';
import type { Parking } from './parking.ts';

/** What became of records and keys. */
export type Settlement = {
  verdicts: readonly Verdict[];
  keys: readonly Parking[];
  /** Notes of the try that is now settled. */
  attempts: readonly string[];
  /** Ids in the inbox of the verdicts' records, by the id of their row, as far as they are stored; unless told, all are, under that id. */
  storedIds?: ReadonlyMap<string, string>;
};

/** Writes what became of rows and keys, in one statement. */
export async function writeVerdicts(tx: Transaction, subscription: string, settlement: Settlement): Promise<void> {
  await query(tx, WRITE, valuesOf(subscription, settlement));
}

const WRITE = `
  with handled as (
    insert into applied_event (subscription, event_id, body_hash)
    select ?, event_id, body_hash from unnest(?::uuid[], ?::bytea[]) as event (event_id, body_hash)
  ), died as (
    insert into dead_letter as d
           (subscription, topic, partition, record_offset, last_offset,
            key, value, headers, received_at, reason, detail, event_id, version)
    select i.subscription, i.topic, i.partition, i.record_offset, case when ${isLeftInTopic('i.headers')} then i.record_offset end,
           i.key, i.value, i.headers, i.received_at, v.reason, v.detail, v.event_id, v.version
      from unnest(?::bigint[], ?::text[], ?::text[], ?::uuid[], ?::bigint[]) as v (id, reason, detail, event_id, version)
      join inbox i on i.id = v.id
    on conflict on constraint dead_letter_record_key do update
      set state = 'waiting', reason = excluded.reason, detail = excluded.detail, deaths = d.deaths + 1, latest_died_at = now(),
          key = excluded.key, value = excluded.value, headers = excluded.headers, last_offset = excluded.last_offset,
          event_id = excluded.event_id, version = excluded.version
  ), settled as (
    delete from inbox_attempt where id = any(?::bigint[])
  )
  select inbox_move_keys(?, ?::text[], ?::bigint[], ?::integer[], ?::text[], ?::double precision[]), inbox_settle(?, ?::bigint[])`;

function valuesOf(subscription: string, { verdicts, keys, attempts, storedIds }: Settlement): SqlValue[] {
  const handled = verdicts.filter(({ kind }) => kind === 'apply' || kind === 'superseded');
  const dead = verdicts.filter((verdict) => verdict.kind === 'dead');
  const idOf = ({ read: { row } }: Verdict): string | undefined =>
    storedIds === undefined ? row.id : storedIds.get(row.id);
  return [
    subscription,
    handled.map(({ event }) => event?.eventId ?? null),
    handled.map(({ read }) => read.hash),
    dead.map((verdict) => idOf(verdict) ?? missing(verdict)),
    dead.map(({ reason }) => reason),
    dead.map(({ detail }) => detail),
    dead.map(({ event }) => event?.eventId ?? null),
    dead.map(({ event }) => event?.version ?? null),
    attempts,
    subscription,
    keys.map(({ key }) => key),
    keys.map(({ version }) => version),
    keys.map(({ attempts }) => attempts),
    keys.map(({ reason }) => reason),
    keys.map(({ ms }) => (ms === 'infinity' ? 'Infinity' : ms)),
    subscription,
    verdicts.flatMap((verdict) => idOf(verdict) ?? []),
  ];
}

function missing({ read: { row } }: Verdict): never {
  throw new Error(`dead letter ${row.topic} ${row.partition} ${row.recordOffset} is not stored`);
}
