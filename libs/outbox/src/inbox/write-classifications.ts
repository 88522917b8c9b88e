import type { SqlValues, Transaction } from '@bijli/postgres';
import { query } from '@bijli/postgres';
import { isLeftInTopic } from '../dead-letters/left-in-topic.ts';
import type { Classification } from './classify-rows.ts';
import type { Parking } from './parking.ts';

/** What became of records and keys. */
export type Settlement = {
  readonly classifications: readonly Classification[];
  readonly keys: readonly Parking[];
  /** Notes of the try that is now settled. */
  readonly attempts: readonly string[];
  /** Ids in the inbox of the classified records, by the id of their row, as far as they are stored; unless told, all are, under that id. */
  readonly storedIds?: ReadonlyMap<string, string>;
};

/** Writes what became of rows and keys, in one statement. */
export async function writeClassifications(
  tx: Transaction,
  subscription: string,
  settlement: Settlement,
): Promise<void> {
  await query(tx, WRITE, valuesOf(subscription, settlement));
}

const WRITE = `
  with handled as (
    insert into applied_event (subscription, event_id, body_hash)
    select :subscription, event_id, body_hash from unnest(:handledIds::uuid[], :hashes::bytea[]) as event (event_id, body_hash)
  ), died as (
    insert into dead_letter as d
           (subscription, topic, partition, record_offset, last_offset,
            key, value, headers, received_at, reason, detail, event_id, version)
    select i.subscription, i.topic, i.partition, i.record_offset, case when ${isLeftInTopic('i.headers')} then i.record_offset end,
           i.key, i.value, i.headers, i.received_at, v.reason, v.detail, v.event_id, v.version
      from unnest(:deadRows::bigint[], :reasons::text[], :details::text[], :deadIds::uuid[], :deadVersions::bigint[]) as v (id, reason, detail, event_id, version)
      join inbox i on i.id = v.id
    on conflict on constraint dead_letter_record_key do update
      set state = 'waiting', reason = excluded.reason, detail = excluded.detail, deaths = d.deaths + 1, latest_died_at = now(),
          key = excluded.key, value = excluded.value, headers = excluded.headers, last_offset = excluded.last_offset,
          event_id = excluded.event_id, version = excluded.version
  ), settled as (
    delete from inbox_attempt where id = any(:attempts::bigint[])
  )
  select inbox_move_keys(:subscription, :keys::text[], :versions::bigint[], :tries::integer[], :parkedReasons::text[], :parkedMs::double precision[]),
         inbox_settle(:subscription, :settled::bigint[])`;

function valuesOf(subscription: string, { classifications, keys, attempts, storedIds }: Settlement): SqlValues {
  const handled = classifications.filter(({ kind }) => kind === 'apply' || kind === 'superseded');
  const dead = classifications.filter((classification) => classification.kind === 'dead');
  const idOf = ({ read: { row } }: Classification): string | undefined =>
    storedIds === undefined ? row.id : storedIds.get(row.id);
  return {
    subscription,
    handledIds: handled.map(({ event }) => event?.eventId ?? null),
    hashes: handled.map(({ read }) => read.hash),
    deadRows: dead.map((classification) => idOf(classification) ?? missing(classification)),
    reasons: dead.map(({ reason }) => reason),
    details: dead.map(({ detail }) => detail),
    deadIds: dead.map(({ event }) => event?.eventId ?? null),
    deadVersions: dead.map(({ event }) => event?.version ?? null),
    attempts,
    keys: keys.map(({ key }) => key),
    versions: keys.map(({ version }) => version),
    tries: keys.map(({ attempts }) => attempts),
    parkedReasons: keys.map(({ reason }) => reason),
    parkedMs: keys.map(({ ms }) => (ms === 'infinity' ? 'Infinity' : ms)),
    settled: classifications.flatMap((classification) => idOf(classification) ?? []),
  };
}

function missing({ read: { row } }: Classification): never {
  throw new Error(`dead letter ${row.topic} ${row.partition} ${row.recordOffset} is not stored`);
}
