import type { OutageEvent } from '@bijli/events';
import { type Database, query, type Transaction, withTransaction } from '@bijli/postgres';
import { newId } from '@bijli/units';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { inTurn, openOutageDatabase, undone } from '../../test/outage-database.ts';
import { at, everything, noon, outage, waiting } from '../../test/stored-outage.ts';
import type { Outage } from '../domain/outage.ts';
import { findOutageOnNodes } from './find-outage-on-nodes.ts';
import { findUnknownNodes } from './find-unknown-nodes.ts';
import { getOutage } from './get-outage.ts';
import { insertOutage } from './insert-outage.ts';
import { listOutages } from './list-outages.ts';
import { loadOutageForUpdate } from './load-outage-for-update.ts';
import { noteEvents } from './note-events.ts';
import { updateOutage } from './update-outage.ts';
import { deleteNetworkNodes, type NetworkNode, upsertNetworkNodes } from './upsert-network-nodes.ts';

let db: Database;
let close: () => Promise<void>;
beforeAll(async () => {
  ({ db, close } = await openOutageDatabase());
});
afterAll(() => close());

describe('an outage', () => {
  test('comes back as it was stored, nodes in their order', () =>
    undone(db, async (tx) => {
      const stored = outage({
        ...{
          nodeIds: ['N-9', 'N-10', 'N-1'],
          ownNodeIds: ['N-3', 'N-2'],
          kind: 'planned',
          status: 'approved',
          version: 0,
        },
        ...{
          opened: { nodeIds: ['N-3'], exceptNodeIds: ['N-4'] },
          draftedBy: 'Asha',
          approvedBy: 'Ravi',
          isConfirmed: false,
        },
        ...{ estimateSource: 'crew', pending: [waiting({}), waiting({ type: 'OutageReopened', ...everything })] },
      });
      await insertOutage(tx, stored);

      expect(await loadOutageForUpdate(tx, stored.id)).toEqual(stored);
      expect(await loadOutageForUpdate(tx, newId())).toBeNull();
    }));

  test('takes 2,000 nodes', () =>
    undone(db, async (tx) => {
      const stored = outage({ nodeIds: Array.from({ length: 2_000 }, (_none, index) => `N-${index}`) });
      await insertOutage(tx, stored);

      expect(await loadOutageForUpdate(tx, stored.id)).toEqual(stored);
    }));

  test('is changed only from the version before', () =>
    undone(db, async (tx) => {
      const stored = outage();
      await insertOutage(tx, stored);
      const restored: Outage = { ...stored, version: 2, status: 'restored', restoredAt: at(1) };
      await updateOutage(tx, restored, stored);

      expect(await loadOutageForUpdate(tx, stored.id)).toEqual(restored);
      await expect(updateOutage(tx, restored, stored)).rejects.toThrow('not at the version');
    }));

  test('takes every change that an event makes, its nodes and what waits', () =>
    undone(db, async (tx) => {
      const stored = outage({ nodeIds: ['N-1', 'N-2'], pending: [waiting(everything)] });
      await insertOutage(tx, stored);
      const changed: Outage = {
        ...{ ...stored, version: 2, cause: 'overload', nodeIds: ['N-3'], ownNodeIds: ['N-1'], startsAt: at(-1) },
        ...{
          opened: { nodeIds: ['N-5'], exceptNodeIds: ['N-6'] },
          estimatedRestorationAt: at(7),
          estimateSource: 'crew',
        },
        ...{
          isConfirmed: false,
          pending: [waiting({ type: 'SupplyRestored', reason: 'hold-down', restoredAt: at(1) })],
        },
      };
      await updateOutage(tx, changed, stored);

      expect(await loadOutageForUpdate(tx, stored.id)).toEqual(changed);
    }));

  test('of the release before is about the nodes that it has', () =>
    undone(db, async (tx) => {
      const stored = outage({ nodeIds: ['N-2', 'N-1'] });
      await insertOutage(tx, stored);
      await query(tx, `update outage set opened_node_ids = default where id = :id`, { id: stored.id });

      expect(await loadOutageForUpdate(tx, stored.id)).toEqual(stored);
    }));

  test.each([
    ['kind', { kind: 'planned' }],
    ['draftedBy', { draftedBy: 'Asha' }],
    ['crew', { crew: 'C-7' }],
  ])('does not lose a change of its %s without a word', (field, change) =>
    undone(db, async (tx) => {
      const stored = outage();
      await insertOutage(tx, stored);
      const changed = { ...stored, version: 2, ...change } as Outage;

      await expect(updateOutage(tx, changed, stored)).rejects.toThrow(`updateOutage does not store ${field}`);
    }),
  );

  test('is not opened with a field that its statement does not know', () =>
    undone(db, async (tx) => {
      const opened = { ...outage(), crew: 'C-7' };

      await expect(insertOutage(tx, opened)).rejects.toThrow('insertOutage does not store crew');
    }));

  test('is locked by whoever loads it to change it', async () => {
    const stored = outage();
    await withTransaction(db, (tx) => insertOutage(tx, stored));
    expect(await inTurn(db, (tx) => loadOutageForUpdate(tx, stored.id))).toEqual(['first', 'second']);
    await query(db, 'delete from outage_node where outage_id = :id', { id: stored.id });
    await query(db, 'delete from outage where id = :id', { id: stored.id });
  });

  test('is told with what happened to it and in which trace', async () => {
    const stored = outage();
    const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
    const { opened, draftedBy, approvedBy, isConfirmed, pending, id, status, ...state } = stored;
    const event: OutageEvent = {
      ...{ eventId: newId(), type: 'OutageReported', occurredAt: at(0), aggregateId: id, status: 'open' },
      ...{ ...state, energisedNodeIds: [], energisedAt: null },
    };
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
    [
      'a status of no meaning',
      (id: string) => `update outage set status = 'gone' where id = '${id}'`,
      'outage_status_check',
    ],
    [
      'restored without an instant',
      (id: string) => `update outage set status = 'restored' where id = '${id}'`,
      'outage_restored_at',
    ],
    [
      'an event while nobody is told of it',
      (id: string) => `update outage set version = 0 where id = '${id}'`,
      'outage_version_check',
    ],
    [
      'a cut that is announced',
      (id: string) => `update outage set status = 'cancelled' where id = '${id}'`,
      'outage_planned_check',
    ],
    [
      'a source of no meaning',
      (id: string) => `update outage set estimate_source = 'oracle' where id = '${id}'`,
      'outage_estimate_source_check',
    ],
    [
      'an approval of no draft',
      (id: string) => `update outage set approved_by = 'Ravi' where id = '${id}'`,
      'outage_approval_check',
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
    sought: Omit<Parameters<typeof findOutageOnNodes>[1], 'ownNodeIds' | 'except'>,
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
      'no draft',
      { ...planned, status: 'draft', version: 0 },
      { kind: 'planned', nodeIds: ['N-1'], from: at(27), to: at(30) },
      false,
    ],
    [
      'an announcement that waits',
      { ...planned, status: 'approved', version: 0, pending: [waiting({ type: 'PlannedOutageAnnounced' })] },
      { kind: 'planned', nodeIds: ['N-1'], from: at(27), to: at(30) },
      true,
    ],
    [
      'no cancelled work',
      { ...planned, status: 'cancelled' },
      { kind: 'planned', nodeIds: ['N-1'], from: at(27), to: at(30) },
      false,
    ],
    [
      'none of which only what hangs on the node is off',
      { nodeIds: ['N-2'], ownNodeIds: ['N-1'] },
      { kind: 'unplanned', nodeIds: ['N-1'], from: at(5), to: null },
      false,
    ],
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
    undone(db, async (tx) => {
      const stored = outage(given);
      await insertOutage(tx, stored);

      const whole = { ...sought, ownNodeIds: [] };
      expect(await findOutageOnNodes(tx, { ...whole, except: null })).toBe(isFound ? stored.id : null);
      expect(await findOutageOnNodes(tx, { ...whole, except: stored.id })).toBeNull();
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
    undone(db, async (tx) => {
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
    undone(db, async (tx) => {
      await upsertNetworkNodes(tx, [node({}), node({ code: 'F-2' })]);
      expect(await findUnknownNodes(tx, ['F-0', 'F-1', 'F-3', 'F-2'])).toEqual([0, 2]);

      await deleteNetworkNodes(tx, ['F-1']);
      expect(await findUnknownNodes(tx, ['F-1', 'F-2'])).toEqual([0]);
    }));
});

describe('listOutages', () => {
  test('gives pages, the latest opened first', () =>
    undone(db, async (tx) => {
      const [first, second, third] = [1, 2, 3].map((ms) => newId(noon + ms)) as [string, string, string];
      const stored = [
        outage({ id: first }),
        outage({ id: second, nodeIds: ['N-1', 'N-2'] }),
        outage({ id: third, status: 'restored', restoredAt: at(1) }),
      ];
      for (const each of stored) await insertOutage(tx, each);
      const [oldest, middle, latest] = stored.map(({ id }) => id);
      const ids = async (page: Parameters<typeof listOutages>[1]) => (await listOutages(tx, page)).map(({ id }) => id);

      const page = { status: null, expiresBy: null, before: null };
      expect(await ids({ ...page, limit: 2 })).toEqual([latest, middle]);
      expect(await ids({ ...page, before: middle ?? null, limit: 2 })).toEqual([oldest]);
      expect(await ids({ ...page, status: 'open', limit: 9 })).toEqual([middle, oldest]);
      expect(await listOutages(tx, { ...page, before: latest ?? null, limit: 1 })).toMatchObject([
        { nodeCount: 2, startsAt: at(0), restoredAt: null },
      ]);
    }));
});
