import { join } from 'node:path';
import { type EventOf, encodeEvent } from '@bijli/events';
import type { RawRecord } from '@bijli/kafka';
import { closeDatabase, type Database, migrate, openDatabase, query, type Transaction } from '@bijli/postgres';
import { type FreshDatabase, freshDatabase } from '@bijli/testing';
import { newId } from '@bijli/units';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { openCounts } from '../subscriptions/counts.ts';
import type { ReadBehind } from '../subscriptions/running.ts';
import { type Heard, projection } from '../subscriptions/subscription.ts';
import type { Projector } from './project-batch.ts';
import { reread } from './reread.ts';

const NETWORK = 'consumer-registry.network.v1';
type Node = EventOf<typeof NETWORK>;

const sources = [{ name: 'outbox', folder: join(import.meta.dirname, '../../migrations') }];
const log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
let fresh: FreshDatabase;
let db: Database;
beforeEach(async () => {
  fresh = await freshDatabase({ name: 'reread', prepare: async (url) => void (await migrate({ url, sources })) });
  db = openDatabase({ url: fresh.url, applicationName: 'reread', onIdleError: () => undefined });
  await query(db, 'create table state (key text primary key, version integer not null)');
});
afterEach(async () => {
  await closeDatabase(db);
  await fresh.close();
});

const projector = (): Projector => ({
  ...{
    group: 'test.nodes',
    db,
    counts: openCounts(['applied_total', 'superseded_total', 'erased_total', 'dead_total']),
    log,
  },
  subscription: projection(NETWORK, { name: 'nodes', apply: upsert, applyTombstones: erase }),
});

async function upsert(tx: Transaction, events: readonly Heard<Node>[]): Promise<void> {
  await query(
    tx,
    `insert into state as s (key, version) select * from unnest(:keys::text[], :versions::integer[])
     on conflict (key) do update set version = excluded.version where excluded.version > s.version`,
    { keys: events.map(({ event }) => event.aggregateId), versions: events.map(({ event }) => event.version) },
  );
}
async function erase(tx: Transaction, keys: readonly string[]): Promise<void> {
  await query(tx, 'delete from state where key = any(:keys::text[])', { keys });
}

function record(offset: number, key: string, version: number | null): RawRecord {
  const place = { topic: NETWORK, partition: 0, offset: BigInt(offset), key, headers: {}, timestamp: new Date() };
  if (version === null) return { ...place, value: null };
  const event: Node = {
    ...{ eventId: newId(), type: 'NodeChanged', occurredAt: new Date(), aggregateId: key, version, kind: 'feeder' },
    ...{ parentId: 'SS-1', nameEn: 'Feeder', nameHi: '', validFrom: new Date() },
  };
  return { ...place, value: encodeEvent(NETWORK, event) };
}

/** A topic in which something is said between one look behind and the next; a look may fail. */
function saying(...looks: readonly (readonly RawRecord[] | Error)[]): ReadBehind {
  const left = [...looks];
  return async function* () {
    const look = left.shift() ?? [];
    if (look instanceof Error) throw look;
    yield look;
  };
}
const states = () => query(db, 'select key, version from state order by key');

describe('a projection that reads records once more', () => {
  test('applies those of which nothing was said since, and of the others what was said', async () => {
    const old = [record(0, 'same', 1), record(1, 'newer', 1), record(2, 'gone', 1)];

    await reread(projector(), old, saying([record(7, 'newer', 3), record(8, 'gone', null), record(9, 'stranger', 1)]));

    expect(await states()).toEqual([
      { key: 'newer', version: 3 },
      { key: 'same', version: 1 },
    ]);
  });

  test('applies what is said meanwhile, until nothing new is said', async () => {
    const meanwhile = [[], [record(7, 'a', null)], [record(8, 'a', 4)], [record(9, 'b', null)]];

    await reread(projector(), [record(0, 'a', 1), record(1, 'b', 1)], saying(...meanwhile));

    expect(await states()).toEqual([{ key: 'a', version: 4 }]);
  });

  test('brings back nothing that was erased where it died between the old and the new', async () => {
    const old = [record(0, 'a', 1)];
    const erased = record(7, 'a', null);

    await expect(reread(projector(), old, saying([], new Error('the broker is away')))).rejects.toThrow('away');
    expect(await states()).toHaveLength(1);
    await reread(projector(), old, saying([erased]));

    expect(await states()).toEqual([]);
  });
});
