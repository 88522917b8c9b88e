import { type Database, query, withTransaction } from '@bijli/postgres';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { inTurn, openOutageDatabase, undone } from '../../test/outage-database.ts';
import { at, outage, waiting } from '../../test/stored-outage.ts';
import type { Outage } from '../domain/outage.ts';
import { countPending } from './count-pending.ts';
import { countExpiringEstimates, markExpiringEstimates } from './expiring-estimates.ts';
import { findDueOutages } from './find-due-outages.ts';
import { findOutagesToJoin } from './find-outages-to-join.ts';
import { insertOutage } from './insert-outage.ts';
import { listOutages } from './list-outages.ts';
import { loadNetwork } from './load-network.ts';
import { lockSubstations } from './lock-substations.ts';
import { updateOutage } from './update-outage.ts';
import { type NetworkNode, upsertNetworkNodes } from './upsert-network-nodes.ts';

let db: Database;
let close: () => Promise<void>;
beforeAll(async () => {
  ({ db, close } = await openOutageDatabase());
});
afterAll(() => close());

describe('the list', () => {
  const page = { status: null, expiresBy: null, before: null, limit: 9 };

  test('shows what nobody is told of only where it is asked for', () =>
    undone(db, async (tx) => {
      const untold = { kind: 'planned', version: 0, status: 'draft' } as const;
      await insertOutage(tx, outage(untold));
      await insertOutage(tx, outage({ ...untold, status: 'approved' }));
      await insertOutage(tx, outage({ version: 0, status: 'unconfirmed' }));
      const stored = outage();
      await insertOutage(tx, stored);

      expect((await listOutages(tx, page)).map(({ id }) => id)).toEqual([stored.id]);
      for (const status of ['draft', 'approved', 'unconfirmed'] as const)
        expect(await listOutages(tx, { ...page, status })).toMatchObject([{ status }]);
    }));

  test('shows open outages whose estimate is about to pass', () =>
    undone(db, async (tx) => {
      const passing = outage({ estimatedRestorationAt: at(1) });
      await insertOutage(tx, passing);
      await insertOutage(tx, outage());
      await insertOutage(tx, outage({ status: 'restored', restoredAt: at(1), estimatedRestorationAt: at(1) }));

      expect((await listOutages(tx, { ...page, expiresBy: at(1) })).map(({ id }) => id)).toEqual([passing.id]);
      expect(await countExpiringEstimates(tx, at(1))).toBe(1);
    }));
});

describe('an estimate that is about to pass', () => {
  test('is marked once, and its successor once more', () =>
    undone(db, async (tx) => {
      const passing = outage({ estimatedRestorationAt: at(1) });
      await insertOutage(tx, passing);

      expect(await markExpiringEstimates(tx, at(0.9))).toEqual([]);
      expect(await markExpiringEstimates(tx, at(1))).toEqual([passing.id]);
      expect(await markExpiringEstimates(tx, at(1))).toEqual([]);
      await updateOutage(tx, { ...passing, version: 2, estimatedRestorationAt: at(2) }, passing);
      expect(await markExpiringEstimates(tx, at(1))).toEqual([]);
      expect(await markExpiringEstimates(tx, at(2))).toEqual([passing.id]);
    }));
});

describe('what is due', () => {
  test('is what waited, and work whose time has come and of which nothing waits, the longest due first', () =>
    undone(db, async (tx) => {
      const work = { kind: 'planned', status: 'announced' } as const;
      const cancelling = outage({ ...work, startsAt: at(0), pending: [waiting({ dueAt: at(3) })] });
      const starting = outage({ ...work, startsAt: at(2) });
      const held = outage({
        version: 0,
        status: 'unconfirmed',
        pending: [waiting({ dueAt: at(1) }), waiting({ dueAt: at(4) })],
      });
      for (const each of [cancelling, starting, held, outage({ ...work, startsAt: at(9) })])
        await insertOutage(tx, each);

      expect(await findDueOutages(tx, at(0.9), 9)).toEqual([]);
      expect(await findDueOutages(tx, at(2), 9)).toEqual([held.id, starting.id]);
      expect(await findDueOutages(tx, at(4), 9)).toEqual([held.id, starting.id, cancelling.id]);
      expect(await findDueOutages(tx, at(4), 1)).toEqual([held.id]);
      expect(await countPending(tx)).toBe(3);
    }));
});

describe('findOutagesToJoin', () => {
  const named = { nodeIds: ['N-1'], exceptNodeIds: [] };
  const sought = { named, off: { nodeIds: ['N-1'], ownNodeIds: [] }, restoredSince: at(1) };
  const step = waiting({ type: 'SupplyPartlyRestored', nodeIds: ['N-1'] });

  test.each<[string, Partial<Outage>, boolean]>([
    ['a cut that waits for a confirmation', { version: 0, status: 'unconfirmed' }, true],
    ['one that was restored a moment ago', { status: 'restored', restoredAt: at(1) }, true],
    ['one that was restored before, no', { status: 'restored', restoredAt: at(0.9) }, false],
    ['an open one of which something waits', { pending: [waiting({ type: 'SupplyRestored' })] }, true],
    ['an open one of which a step at the node waits', { nodeIds: ['N-9'], pending: [step] }, true],
    ['an open one that only a machine has told of', { isConfirmed: false }, true],
    ['an open one, no', {}, false],
    ['one on other nodes, no', { version: 0, status: 'unconfirmed', nodeIds: ['N-2'] }, false],
    [
      'one that was opened on the node',
      { nodeIds: ['N-2'], opened: named, status: 'restored', restoredAt: at(1) },
      true,
    ],
    ['planned work, no', { kind: 'planned', status: 'restored', restoredAt: at(1) }, false],
  ])('finds %s', (_what, given, isFound) =>
    undone(db, async (tx) => {
      const stored = outage(given);
      await insertOutage(tx, stored);

      expect(await findOutagesToJoin(tx, sought)).toEqual(isFound ? [stored.id] : []);
    }),
  );
});

describe('the network around some nodes', () => {
  test('is what is above them, and what hangs on any of those', () =>
    undone(db, async (tx) => {
      await upsertNetworkNodes(tx, tree);
      const codes = (await loadNetwork(tx, ['DT-1'])).map(({ code, parentCode }) => `${code} ${parentCode}`);

      expect(codes.sort()).toEqual(['DT-1 F-1', 'DT-2 F-1', 'F-1 S-1', 'F-2 S-1', 'S-1 SD-1', 'S-2 SD-1', 'SD-1 null']);
      expect(await loadNetwork(tx, ['nowhere'])).toEqual([]);
    }));
});

/** SD-1 feeds S-1 and S-2; S-1 feeds F-1 and F-2, F-1 two transformers; S-2 feeds F-3; L-1 hangs on nothing and feeds L-2. */
const tree: NetworkNode[] = [
  ...[
    ['SD-1', 'sub-division', null],
    ['S-1', 'substation', 'SD-1'],
    ['S-2', 'substation', 'SD-1'],
  ],
  ...[
    ['F-1', 'feeder', 'S-1'],
    ['F-2', 'feeder', 'S-1'],
    ['F-3', 'feeder', 'S-2'],
  ],
  ...[
    ['DT-1', 'distribution-transformer', 'F-1'],
    ['DT-2', 'distribution-transformer', 'F-1'],
  ],
  ...[
    ['L-1', 'feeder', null],
    ['L-2', 'distribution-transformer', 'L-1'],
  ],
].map(([code = '', kind = '', parentCode = null]) => ({
  ...{ code: code ?? '', version: 1, kind: kind ?? '', parentCode, nameEn: '', nameHi: '' },
}));

describe('the lock of a substation', () => {
  beforeAll(() => withTransaction(db, (tx) => upsertNetworkNodes(tx, tree)));
  afterAll(() => query(db, 'delete from network_node'));

  test.each([
    ['a transformer and its feeder', ['DT-1'], ['F-1']],
    ['two feeders of one substation', ['F-1'], ['F-2']],
    ['a feeder and what is above its substation', ['F-3'], ['SD-1']],
    ['what hangs on no substation', ['L-2'], ['L-1']],
    ['two who want the same ones in another order', ['F-1', 'F-3'], ['F-3', 'F-1']],
  ])('lets one transaction at a time through: %s', async (_what, one, other) => {
    expect(
      await inTurn(
        db,
        (tx) => lockSubstations(tx, one),
        (tx) => lockSubstations(tx, other),
      ),
    ).toEqual(['first', 'second']);
  });

  test('is not that of another substation', async () => {
    await withTransaction(db, async (tx) => {
      await lockSubstations(tx, ['F-1', 'L-1', 'nowhere']);
      await withTransaction(db, (other) => lockSubstations(other, ['F-3']));
    });
  });
});
