import type { OutageEvent } from '@bijli/events';
import type { Heard } from '@bijli/outbox';
import { type Database, query } from '@bijli/postgres';
import { newId } from '@bijli/units';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { at } from '../../test/a-complaint.ts';
import { openComplaintDatabase, undone } from '../../test/complaint-database.ts';
import { findExplainingOutage } from '../store/find-explaining-outage.ts';
import { upsertNetworkNodes } from '../store/upsert-network-nodes.ts';
import { onOutage } from './on-outage.ts';

let db: Database;
let close: () => Promise<void>;
beforeAll(async () => {
  ({ db, close } = await openComplaintDatabase());
});
afterAll(() => close());

const reported: OutageEvent = {
  eventId: newId(),
  type: 'OutageReported',
  occurredAt: at(-1),
  aggregateId: newId(),
  version: 1,
  kind: 'unplanned',
  status: 'open',
  cause: 'storm',
  nodeIds: ['FEEDER'],
  startsAt: at(-1),
  estimatedRestorationAt: at(3),
  restoredAt: null,
  ownNodeIds: [],
  energisedNodeIds: [],
  energisedAt: null,
  estimateSource: null,
};

/** An outage event as the inbox hands it on, with words that no schema of this release lists. */
const heard = (change: object): Heard<OutageEvent>[] => [
  { event: { ...reported, ...change }, context: {} as never, receivedAt: at(0) },
];

describe('an outage that was heard', () => {
  test.each<[string, object, boolean]>([
    ['stands under a new type', { type: 'OutageRescheduled' }, true],
    ['is of a new kind and for a new cause', { kind: 'rostered', cause: 'solar-storm' }, true],
    ['is over by a new status', { type: 'OutageCancelled', status: 'cancelled' }, false],
    ['is over by a new status of a known type', { status: 'merged' }, false],
    ['is restored without saying since when', { status: 'restored' }, false],
    ['has a time of restoration, whatever it is called', { type: 'StepRestored', restoredAt: at(-0.5) }, false],
  ])('that %s explains a complaint: %p, %p', (_, change, isExplained) =>
    undone(db, async (tx) => {
      await onOutage(tx, heard({}));
      await onOutage(tx, heard({ version: 2, ...change }));

      expect((await findExplainingOutage(tx, 'FEEDER', at(0))) !== null).toBe(isExplained);
      expect(await query(tx, 'select from outage_node')).toHaveLength(isExplained ? 1 : 0);
    }),
  );

  test('that names a node for itself alone explains what hangs on it, and nothing below', () =>
    undone(db, async (tx) => {
      await upsertNetworkNodes(tx, [
        { code: 'FEEDER', version: 1, parentCode: null },
        { code: 'DT', version: 1, parentCode: 'FEEDER' },
      ]);
      await onOutage(tx, heard({ nodeIds: [], ownNodeIds: ['FEEDER'] }));

      expect(await findExplainingOutage(tx, 'FEEDER', at(0))).not.toBeNull();
      expect(await findExplainingOutage(tx, 'DT', at(0))).toBeNull();
    }));
});
