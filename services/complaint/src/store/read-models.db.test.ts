import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Database, query, type Transaction } from '@bijli/postgres';
import { newId } from '@bijli/units';
import { at } from '../../test/a-complaint.ts';
import { openComplaintDatabase, undone } from '../../test/complaint-database.ts';
import { findConnection } from './find-connection.ts';
import { findExplainingOutage } from './find-explaining-outage.ts';
import { type Connection, deleteConnections, upsertConnections } from './upsert-connections.ts';
import { deleteNetworkNodes, upsertNetworkNodes } from './upsert-network-nodes.ts';
import { type HeardOutage, upsertOutages } from './upsert-outages.ts';

let db: Database;
let close: () => Promise<void>;
beforeAll(async () => {
  ({ db, close } = await openComplaintDatabase());
});
afterAll(() => close());

describe('connections', () => {
  const connection = (given: Partial<Connection> = {}): Connection => ({
    connectionId: newId(),
    version: 1,
    accountNumber: '4100000001',
    formerAccountNumbers: [],
    nodeCode: 'DT-1',
    state: 'active',
    ...given,
  });
  const erased = { accountNumber: null, nodeCode: null, state: 'erased' };

  test('are found by every account number that was heard, and stand as they were told latest', () =>
    undone(db, async (tx) => {
      const first = connection();
      const { connectionId } = first;
      await upsertConnections(tx, [first]);
      await upsertConnections(tx, [
        { ...first, version: 3, accountNumber: '5200000001', nodeCode: null, state: 'disconnected' },
      ]);
      await upsertConnections(tx, [{ ...first, version: 2, nodeCode: 'DT-9' }]);
      const found = { connectionId, accountNumber: '5200000001', state: 'disconnected', nodeCode: null };

      expect(await findConnection(tx, '4100000001')).toEqual(found);
      expect(await findConnection(tx, '5200000001')).toEqual(found);
      expect(await findConnection(tx, '4100000002')).toBeNull();
    }));

  test('are found by the old numbers that the registry names, though nobody heard them at the time', () =>
    undone(db, async (tx) => {
      const renamed = connection({ version: 4, formerAccountNumbers: ['R331679', '3100000001'] });
      await upsertConnections(tx, [renamed, connection({ accountNumber: '4100000002' })]);

      for (const number of ['4100000001', 'R331679', '3100000001'])
        expect((await findConnection(tx, number))?.connectionId).toBe(renamed.connectionId);

      await upsertConnections(tx, [{ ...renamed, ...erased, formerAccountNumbers: [], version: 5 }]);
      expect(await findConnection(tx, 'R331679')).toBeNull();
    }));

  test('give a number to whoever has it latest, also when two change at once', () =>
    undone(db, async (tx) => {
      const [one, other] = [connection(), connection({ accountNumber: '4100000002' })];
      await upsertConnections(tx, [one, other]);
      await upsertConnections(tx, [
        { ...one, version: 2, accountNumber: '4100000002' },
        { ...other, version: 2, accountNumber: '4100000001' },
      ]);

      expect((await findConnection(tx, '4100000002'))?.connectionId).toBe(one.connectionId);
      expect((await findConnection(tx, '4100000001'))?.connectionId).toBe(other.connectionId);
      await upsertConnections(tx, [connection(), connection()]);
    }));

  test('leave when they are erased, are not brought back by a late event, and go with the tombstone', () =>
    undone(db, async (tx) => {
      const before = connection();
      const neighbour = connection({ accountNumber: '4100000002' });
      await upsertConnections(tx, [before, neighbour]);
      await upsertConnections(tx, [{ ...before, ...erased, version: 3 }]);
      await upsertConnections(tx, [{ ...before, version: 2 }]);

      expect(await findConnection(tx, '4100000001')).toBeNull();
      expect(
        await query(tx, 'select version, account_number, node_code from connection where state = :state', {
          state: 'erased',
        }),
      ).toEqual([{ version: '3', account_number: null, node_code: null }]);

      await deleteConnections(tx, [before.connectionId]);
      expect(await query(tx, 'select from connection')).toHaveLength(1);
      expect(await findConnection(tx, '4100000002')).not.toBeNull();
    }));
});

describe('the outage that explains why it is dark', () => {
  const tree = ['ZONE', 'CIRCLE', 'DIVISION', 'SUB-DIVISION', 'SUBSTATION', 'FEEDER', 'DT'];
  const outage = (given: Partial<HeardOutage> = {}): HeardOutage => ({
    outageId: newId(),
    version: 1,
    kind: 'unplanned',
    status: 'open',
    cause: 'storm',
    startsAt: at(-1),
    estimatedRestorationAt: at(2),
    nodeCodes: ['FEEDER'],
    ownNodeCodes: [],
    ...given,
  });
  const explains = async (tx: Transaction, nodeCode = 'DT', now = at(0)) =>
    (await findExplainingOutage(tx, nodeCode, now))?.outageId;
  const plantTree = (tx: Transaction) =>
    upsertNetworkNodes(
      tx,
      tree.map((code, level) => ({ code, version: 1, parentCode: tree[level - 1] ?? null })),
    );

  test.each(tree)('is found from a transformer when it is on its %s', (nodeCode) =>
    undone(db, async (tx) => {
      await plantTree(tx);
      const there = outage({ nodeCodes: ['ELSEWHERE', nodeCode] });
      await upsertOutages(tx, [there, outage({ nodeCodes: ['FEEDER-2'] })]);

      expect(await explains(tx)).toBe(there.outageId);
    }),
  );

  test('is not below: an outage of the transformer does not explain a connection on the feeder', () =>
    undone(db, async (tx) => {
      await plantTree(tx);
      await upsertOutages(tx, [outage({ nodeCodes: ['DT'] })]);

      expect(await explains(tx, 'FEEDER')).toBeUndefined();
      expect(await explains(tx, 'UNKNOWN')).toBeUndefined();
    }));

  const cases: [what: string, given: Partial<HeardOutage>, isFound: boolean][] = [
    ['a cut', {}, true],
    ['planned work that has begun', { kind: 'planned', status: 'announced', startsAt: at(0) }, true],
    ['planned work that has not begun', { kind: 'planned', status: 'announced', startsAt: at(0.01) }, false],
    ['a cut that is over', { status: 'restored' }, false],
    ['a cut that should be over now', { estimatedRestorationAt: at(0) }, false],
    ['a cut that will be over soon', { estimatedRestorationAt: at(0.01) }, true],
  ];
  test.each(cases)('is, or is not, %s', (_what, given, isFound) =>
    undone(db, async (tx) => {
      await plantTree(tx);
      const there = outage(given);
      await upsertOutages(tx, [there]);

      expect(await explains(tx)).toBe(isFound ? there.outageId : undefined);
    }),
  );

  test('is the one that began latest, with what it says', () =>
    undone(db, async (tx) => {
      await plantTree(tx);
      const latest = outage({ nodeCodes: ['SUBSTATION'], startsAt: at(-0.5), cause: 'overload' });
      await upsertOutages(tx, [outage(), latest, outage({ nodeCodes: ['DT'], startsAt: at(-2) })]);

      expect(await findExplainingOutage(tx, 'DT', at(0))).toEqual({
        outageId: latest.outageId,
        cause: 'overload',
        estimatedRestorationAt: at(2),
      });
    }));

  test('follows the network and the outage as they are told latest', () =>
    undone(db, async (tx) => {
      await plantTree(tx);
      const first = outage();
      await upsertOutages(tx, [first]);
      await upsertNetworkNodes(tx, [{ code: 'DT', version: 2, parentCode: 'FEEDER-2' }]);
      await upsertNetworkNodes(tx, [{ code: 'DT', version: 1, parentCode: 'FEEDER' }]);
      expect(await explains(tx)).toBeUndefined();

      await upsertNetworkNodes(tx, [{ code: 'DT', version: 3, parentCode: 'FEEDER' }]);
      expect(await explains(tx)).toBe(first.outageId);

      await upsertOutages(tx, [{ ...first, version: 3, status: 'restored' }]);
      await upsertOutages(tx, [{ ...first, version: 2 }]);
      expect(await explains(tx)).toBeUndefined();
      expect(await query(tx, 'select status from outage')).toEqual([{ status: 'restored' }]);

      await deleteNetworkNodes(tx, ['DT']);
      expect(await query(tx, 'select from network_node')).toHaveLength(tree.length - 1);
    }));

  test('comes to an end in a circle', () =>
    undone(db, async (tx) => {
      await upsertNetworkNodes(tx, [
        { code: 'A', version: 1, parentCode: 'B' },
        { code: 'B', version: 1, parentCode: 'A' },
      ]);

      expect(await explains(tx, 'A')).toBeUndefined();
    }));
});
