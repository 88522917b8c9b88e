import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { closeDatabase, type Database, openDatabase, query, type Transaction, withTransaction } from '@bijli/postgres';
import { type FreshDatabase, until } from '@bijli/testing';
import { newId } from '@bijli/units';
import { outageDatabase } from '../../test/outage-database.ts';
import type { Outage } from '../domain/outage.ts';
import { findOutageOnNodes } from './find-outage-on-nodes.ts';
import { findUnknownNodes } from './find-unknown-nodes.ts';
import { getOutage } from './get-outage.ts';
import { insertOutage } from './insert-outage.ts';
import { listOutages } from './list-outages.ts';
import { loadOutageForUpdate } from './load-outage-for-update.ts';
import { lockOpenings } from './lock-openings.ts';
import { noteEvents } from './note-events.ts';
import { updateOutage } from './update-outage.ts';
import { deleteNetworkNodes, type NetworkNode, upsertNetworkNodes } from './upsert-network-nodes.ts';

const noon = Date.UTC(2026, 0, 30, 12);
const at = (hours: number) => new Date(noon + hours * 3_600_000);

let database: FreshDatabase;
let db: Database;
beforeAll(async () => {
  database = await outageDatabase();
  db = openDatabase({ url: database.url, applicationName: 'store test', onIdleError: () => {} });
});
afterAll(async () => {
  await closeDatabase(db);
  await database.close();
});

function outage(given: Partial<Outage> = {}): Outage {
  return {
    id: newId(),
    version: 1,
    kind: 'unplanned',
    status: 'open',
    cause: 'storm',
    nodeIds: ['N-1'],
    startsAt: at(0),
    estimatedRestorationAt: at(2),
    restoredAt: null,
    ...given,
  };
}

/** What the test does is undone, so that tests do not see each other. */
async function undone(work: (tx: Transaction) => Promise<void>): Promise<void> {
  const undo = new Error('undo');
  await expect(
    withTransaction(db, async (tx) => {
      await work(tx);
      throw undo;
    }),
  ).rejects.toBe(undo);
}

describe('an outage', () => {
  test('comes back as it was stored, nodes in their order', () =>
    undone(async (tx) => {
      const stored = outage({ nodeIds: ['N-9', 'N-10', 'N-1'], kind: 'planned', status: 'announced' });
      await insertOutage(tx, stored);

      expect(await loadOutageForUpdate(tx, stored.id)).toEqual(stored);
      expect(await loadOutageForUpdate(tx, newId())).toBeNull();
    }));

  test('takes 2,000 nodes', () =>
    undone(async (tx) => {
      const stored = outage({ nodeIds: Array.from({ length: 2_000 }, (_none, index) => `N-${index}`) });
      await insertOutage(tx, stored);

      expect(await loadOutageForUpdate(tx, stored.id)).toEqual(stored);
    }));

  test('is changed only from the version before', () =>
    undone(async (tx) => {
      const stored = outage();
      await insertOutage(tx, stored);
      const restored: Outage = { ...stored, version: 2, status: 'restored', restoredAt: at(1) };
      await updateOutage(tx, restored);

      expect(await loadOutageForUpdate(tx, stored.id)).toEqual(restored);
      await expect(updateOutage(tx, restored)).rejects.toThrow('not at the version');
    }));

  test.each([
    ['cause', { cause: 'overload' }],
    ['kind', { kind: 'planned' }],
    ['nodeIds', { nodeIds: ['N-1', 'N-2'] }],
    ['startsAt', { startsAt: at(-1) }],
    ['crew', { crew: 'C-7' }],
  ])('does not lose a change of its %s without a word', (field, change) =>
    undone(async (tx) => {
      const stored = outage();
      await insertOutage(tx, stored);
      const changed = { ...stored, version: 2, ...change } as Outage;

      await expect(updateOutage(tx, changed)).rejects.toThrow(`updateOutage does not store ${field}`);
    }),
  );

  test('is not opened with a field that its statement does not know', () =>
    undone(async (tx) => {
      const opened = { ...outage(), crew: 'C-7' };

      await expect(insertOutage(tx, opened)).rejects.toThrow('insertOutage does not store crew');
    }));

  test('is locked by whoever loads it to change it', async () => {
    const stored = outage();
    await withTransaction(db, (tx) => insertOutage(tx, stored));
    expect(await inTurn((tx) => loadOutageForUpdate(tx, stored.id))).toEqual(['first', 'second']);
    await query(db, 'delete from outage_node where outage_id = :id', { id: stored.id });
    await query(db, 'delete from outage where id = :id', { id: stored.id });
  });

  test('is told with what happened to it and in which trace', async () => {
    const stored = outage();
    const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
    const event = {
      eventId: newId(),
      type: 'OutageReported',
      occurredAt: at(0),
      aggregateId: stored.id,
      ...stored,
    } as const;
    await withTransaction(db, async (tx) => {
      await insertOutage(tx, stored);
      await noteEvents(tx, [event], trace);
      await noteEvents(
        tx,
        [{ ...event, eventId: newId(), type: 'RestorationEstimateChanged', version: 2, occurredAt: at(1) }],
        null,
      );
    });

    expect(await getOutage(db, stored.id)).toEqual({
      outage: stored,
      events: [
        { version: 1, type: 'OutageReported', occurredAt: at(0), traceId: trace },
        { version: 2, type: 'RestorationEstimateChanged', occurredAt: at(1), traceId: null },
      ],
    });
    expect(await getOutage(db, newId())).toBeNull();
    for (const table of ['outage_event', 'outage_node'])
      await query(db, `delete from ${table} where outage_id = :id`, { id: stored.id });
    await query(db, 'delete from outage where id = :id', { id: stored.id });
  });

  test.each([
    [
      'a version twice',
      (id: string) =>
        `insert into outage_event values ('${id}', 1, '${newId()}', 'OutageReported', now()), ('${id}', 1, '${newId()}', 'OutageReported', now())`,
      'outage_event_pkey',
    ],
    ['a node twice', (id: string) => `insert into outage_node values ('${id}', 2, 'N-1')`, 'outage_node_once'],
    ['a status of no meaning', (id: string) => `update outage set status = 'gone' where id = '${id}'`, 'outage_status'],
    [
      'restored without an instant',
      (id: string) => `update outage set status = 'restored' where id = '${id}'`,
      'outage_restored_at',
    ],
  ])('cannot have %s', async (_what, statement, constraint) => {
    const stored = outage();

    await expect(
      withTransaction(db, async (tx) => {
        await insertOutage(tx, stored);
        await query(tx, statement(stored.id));
      }),
    ).rejects.toMatchObject({ constraint });
  });
});

describe('findOutageOnNodes', () => {
  const planned = { kind: 'planned', status: 'announced', startsAt: at(24), estimatedRestorationAt: at(28) } as const;
  const cases: [
    what: string,
    stored: Partial<Outage>,
    sought: Parameters<typeof findOutageOnNodes>[1],
    isFound: boolean,
  ][] = [
    [
      'an open outage on one of the nodes',
      { nodeIds: ['N-1', 'N-2'] },
      { kind: 'unplanned', nodeIds: ['N-2', 'N-3'], from: at(5), to: null },
      true,
    ],
    ['none on other nodes', {}, { kind: 'unplanned', nodeIds: ['N-11'], from: at(0), to: null }, false],
    ['none of another kind', {}, { kind: 'planned', nodeIds: ['N-1'], from: at(0), to: at(9) }, false],
    [
      'none that is over',
      { status: 'restored', restoredAt: at(1) },
      { kind: 'unplanned', nodeIds: ['N-1'], from: at(0), to: null },
      false,
    ],
    [
      'an open outage whose estimate has passed',
      { estimatedRestorationAt: at(1) },
      { kind: 'unplanned', nodeIds: ['N-1'], from: at(5), to: null },
      true,
    ],
    ['planned work whose window meets', planned, { kind: 'planned', nodeIds: ['N-1'], from: at(27), to: at(30) }, true],
    [
      'no planned work that ends when the other starts',
      planned,
      { kind: 'planned', nodeIds: ['N-1'], from: at(28), to: at(30) },
      false,
    ],
    [
      'no planned work that starts when the other ends',
      planned,
      { kind: 'planned', nodeIds: ['N-1'], from: at(20), to: at(24) },
      false,
    ],
  ];

  test.each(cases)('finds %s', (_what, given, sought, isFound) =>
    undone(async (tx) => {
      const stored = outage(given);
      await insertOutage(tx, stored);

      expect(await findOutageOnNodes(tx, sought)).toBe(isFound ? stored.id : null);
    }),
  );
});

describe('the network', () => {
  const node = (given: Partial<NetworkNode>): NetworkNode => ({
    code: 'F-1',
    version: 1,
    kind: 'feeder',
    parentCode: 'S-1',
    nameEn: 'Feeder',
    nameHi: '',
    ...given,
  });
  const names = (tx: Transaction) =>
    query<{ code: string; name_en: string }>(tx, 'select code, name_en from network_node order by code').then((rows) =>
      rows.map((row) => `${row.code} ${row.name_en}`),
    );

  test('keeps the newest version of each node, in whatever order they come', () =>
    undone(async (tx) => {
      await upsertNetworkNodes(tx, [
        node({ version: 2, nameEn: 'second' }),
        node({ code: 'Z-1', kind: 'zone', parentCode: null, nameEn: 'zone' }),
      ]);
      await upsertNetworkNodes(tx, [node({ nameEn: 'first' })]);
      expect(await names(tx)).toEqual(['F-1 second', 'Z-1 zone']);

      await upsertNetworkNodes(tx, [node({ version: 3, nameEn: 'third' }), node({ code: 'F-2', nameEn: 'new' })]);
      expect(await names(tx)).toEqual(['F-1 third', 'F-2 new', 'Z-1 zone']);
    }));

  test('tells which codes it does not have, and forgets erased ones', () =>
    undone(async (tx) => {
      await upsertNetworkNodes(tx, [node({}), node({ code: 'F-2' })]);
      expect(await findUnknownNodes(tx, ['F-0', 'F-1', 'F-3', 'F-2'])).toEqual([0, 2]);

      await deleteNetworkNodes(tx, ['F-1']);
      expect(await findUnknownNodes(tx, ['F-1', 'F-2'])).toEqual([0]);
    }));
});

describe('listOutages', () => {
  test('gives pages, the latest opened first', () =>
    undone(async (tx) => {
      const [first, second, third] = [1, 2, 3].map((ms) => newId(noon + ms)) as [string, string, string];
      const stored = [
        outage({ id: first }),
        outage({ id: second, nodeIds: ['N-1', 'N-2'] }),
        outage({ id: third, status: 'restored', restoredAt: at(1) }),
      ];
      for (const each of stored) await insertOutage(tx, each);
      const [oldest, middle, latest] = stored.map(({ id }) => id);
      const ids = async (page: Parameters<typeof listOutages>[1]) => (await listOutages(tx, page)).map(({ id }) => id);

      expect(await ids({ status: null, before: null, limit: 2 })).toEqual([latest, middle]);
      expect(await ids({ status: null, before: middle ?? null, limit: 2 })).toEqual([oldest]);
      expect(await ids({ status: 'open', before: null, limit: 9 })).toEqual([middle, oldest]);
      expect(await listOutages(tx, { status: null, before: latest ?? null, limit: 1 })).toMatchObject([
        { nodeCount: 2, startsAt: at(0), restoredAt: null },
      ]);
    }));
});

test('lockOpenings lets one transaction at a time through', async () => {
  expect(await inTurn(lockOpenings)).toEqual(['first', 'second']);
});

/** Runs `lock` in two transactions, the second while the first holds it, and tells in which order they were done. */
async function inTurn(lock: (tx: Transaction) => Promise<unknown>): Promise<string[]> {
  const order: string[] = [];
  let second: Promise<void> | undefined;
  await withTransaction(db, async (tx) => {
    await lock(tx);
    second = withTransaction(db, async (other) => {
      await lock(other);
      order.push('second');
    });
    await until(() => waitingForLock(), { describe: 'the second to wait' });
    order.push('first');
  });
  await second;
  return order;
}

async function waitingForLock(): Promise<boolean> {
  const rows = await query(
    db,
    `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
  );
  return rows.length === 1;
}
