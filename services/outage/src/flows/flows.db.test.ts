import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { OutageEvent } from '@bijli/events';
import { type Database, query, type Transaction, withTransaction } from '@bijli/postgres';
import { until } from '@bijli/testing';
import { newId } from '@bijli/units';
import {
  announce,
  announceApproved,
  approve,
  at,
  cancel,
  confirm,
  draftWork,
  minutes,
  now,
  reopen,
  report,
  reschedule,
  restore,
  restoreNodes,
  undo,
  undoable,
  unconfirmed,
} from '../../test/an-outage.ts';
import { openOutageDatabase } from '../../test/outage-database.ts';
import type { Alone, OutageCommand, Surroundings } from '../domain/commands.ts';
import type { Outage } from '../domain/outage.ts';
import { findDueOutages } from '../store/find-due-outages.ts';
import { getOutage } from '../store/get-outage.ts';
import { type NetworkNode, upsertNetworkNodes } from '../store/upsert-network-nodes.ts';
import { changeOutage } from './change-outage.ts';
import { openOutage } from './open-outage.ts';
import { passTimeOf } from './pass-time.ts';

let db: Database;
let close: () => Promise<void>;
beforeAll(async () => {
  ({ db, close } = await openOutageDatabase());
  await withTransaction(db, (tx) => upsertNetworkNodes(tx, tree));
});
beforeEach(() =>
  query(
    db,
    'truncate outage, outage_node, outage_event, pending_change, control_room_outage, control_room_event, outbox',
  ),
);
afterAll(() => close());

/** S-1 feeds F-1 and F-2, F-1 feeds DT-1 to DT-3, F-2 feeds DT-4. */
const tree: NetworkNode[] = [
  { code: 'S-1', kind: 'substation', parentCode: null },
  ...['F-1', 'F-2'].map((code) => ({ code, kind: 'feeder', parentCode: 'S-1' })),
  ...['DT-1', 'DT-2', 'DT-3'].map((code) => ({ code, kind: 'distribution-transformer', parentCode: 'F-1' })),
  { code: 'DT-4', kind: 'distribution-transformer', parentCode: 'F-2' },
].map((node) => ({ ...node, version: 1, nameEn: '', nameHi: '' }));

type Opening = Alone<Extract<OutageCommand, { outageId: string }>>;
type Change = Parameters<typeof changeOutage>[2];

/** As somebody says it: what surrounds it is looked up. */
function said<Command extends object>(command: Command): Omit<Command, keyof Surroundings> {
  const { unknownNodes, alreadyOutIn, network, ...alone } = command as Command & Surroundings;
  return { ...alone, eventId: newId() } as unknown as Omit<Command, keyof Surroundings>;
}
async function opened(command: object, when = now) {
  const opening = { ...said(command), outageId: newId() } as unknown as Opening;
  return await withTransaction(db, (tx) => openOutage(tx, opening, { now: when, traceId: null }));
}
async function openedAs(command: object, when = now): Promise<string> {
  const { decision } = await opened(command, when);
  if (!decision.accepted) throw new Error(decision.code);
  return decision.state.id;
}
const change = (id: string, command: object, when = now) =>
  withTransaction(db, (tx) => changeOutage(tx, id, said(command) as unknown as Change, { now: when, traceId: null }));
async function codeOf(changing: ReturnType<typeof change> | ReturnType<typeof opened>): Promise<string> {
  const { decision } = await changing;
  return decision.accepted ? 'accepted' : decision.code;
}
async function stateOf(id: string): Promise<Outage> {
  const found = await getOutage(db, id);
  if (found === null) throw new Error('There is no such outage.');
  return found.outage;
}
const typesOf = async (id: string) => (await getOutage(db, id))?.events.map(({ type }) => type);
/** Event ids as they wait for the relay. */
const published = async () =>
  (await query<{ id: string }>(db, `select event->>'id' as id from outbox, json_array_elements(events) event`)).map(
    ({ id }) => id,
  );
const noted = async () =>
  (await query<{ event_id: string }>(db, 'select event_id from outage_event')).map(({ event_id }) => event_id);

/** One round of the sweeper. */
async function sweep(when: Date): Promise<OutageEvent[]> {
  const happened: OutageEvent[] = [];
  for (const id of await findDueOutages(db, when, 100)) {
    const passed = await withTransaction(db, (tx) => passTimeOf(tx, id, when));
    happened.push(...(passed?.events ?? []));
  }
  return happened;
}

describe('nested outages', () => {
  const transformer = { ...report, nodeIds: ['DT-1'], startedAt: null, estimatedRestorationAt: null };
  const feeder = { ...transformer, nodeIds: ['F-1'] };

  test.each([
    ['the feeder first, restored first', [feeder, transformer], [0, 1]],
    ['the feeder first, restored last', [feeder, transformer], [1, 0]],
    ['the transformer first, restored first', [transformer, feeder], [0, 1]],
    ['the transformer first, restored last', [transformer, feeder], [1, 0]],
  ])('are each an outage of its own: %s', async (_what, reports, order) => {
    const ids: string[] = [];
    for (const each of reports) ids.push(await openedAs(each));
    for (const index of order) {
      expect(await codeOf(change(ids[index] ?? '', restore(), minutes(20)))).toBe('accepted');
      const other = ids[1 - index] ?? '';
      expect((await stateOf(other)).status).toBe(index === order[0] ? 'open' : 'restored');
    }

    for (const [index, id] of ids.entries()) {
      expect(await typesOf(id)).toEqual(['OutageReported', 'SupplyRestored']);
      expect((await stateOf(id)).nodeIds).toEqual(reports[index]?.nodeIds);
    }
  });

  test('are none of the other: a step of the one leaves the other as it is', async () => {
    const [outer, inner] = [await openedAs(feeder), await openedAs(transformer)];
    expect(await codeOf(change(outer, restoreNodes({ nodeIds: ['DT-1'] }), minutes(1)))).toBe('accepted');

    expect(await stateOf(inner)).toMatchObject({ status: 'open', nodeIds: ['DT-1'] });
    expect(await stateOf(outer)).toMatchObject({ nodeIds: ['DT-2', 'DT-3'], ownNodeIds: ['F-1'] });
    expect(await codeOf(change(inner, restoreNodes({ nodeIds: ['DT-2'] }), minutes(2)))).toBe('not-in-outage');
    expect(await codeOf(opened(transformer))).toBe('already-out');
  });

  test('restored in steps by two persons at once lose no step', async () => {
    const id = await openedAs(feeder);
    const steps = ['DT-1', 'DT-2', 'DT-3', 'DT-1'].map((node) => codeOf(change(id, restoreNodes({ nodeIds: [node] }))));

    expect((await Promise.all(steps)).sort()).toEqual(['accepted', 'accepted', 'accepted', 'already-energised']);
    expect(await stateOf(id)).toMatchObject({ version: 4, nodeIds: [], ownNodeIds: ['F-1'] });
  });

  test('reported and restored by many at once do not wait for each other for ever', async () => {
    const ids = [await openedAs(feeder), await openedAs({ ...feeder, nodeIds: ['F-2'] })];
    const both = { ...transformer, nodeIds: ['DT-4', 'DT-1'] };
    const turned = { ...transformer, nodeIds: ['DT-2', 'S-1'] };

    const done = await Promise.all([
      ...ids.map((id) => codeOf(change(id, restore()))),
      ...[both, turned].map((each) => codeOf(opened(each))),
    ]);
    expect(done).toEqual(['accepted', 'accepted', 'accepted', 'accepted']);
  });
});

describe('supply that goes again', () => {
  const cut = { ...report, startedAt: null, estimatedRestorationAt: null };

  test('within 10 minutes is the same outage, after that another', async () => {
    const id = await openedAs(cut);
    await change(id, restore(), minutes(1));

    expect(await openedAs(cut, minutes(11))).toBe(id);
    expect(await stateOf(id)).toMatchObject({ version: 3, status: 'open', restoredAt: null });
    await change(id, restore(), minutes(12));
    expect(await openedAs(cut, minutes(22.1))).not.toBe(id);
    expect(await typesOf(id)).toEqual(['OutageReported', 'SupplyRestored', 'OutageReopened', 'SupplyRestored']);
  });

  test('on other nodes is another outage, and what is out there keeps the first from being opened again', async () => {
    const id = await openedAs({ ...cut, nodeIds: ['F-1', 'F-2'] });
    await change(id, restore(), minutes(1));

    expect(await openedAs(cut, minutes(2))).not.toBe(id);
    expect(await codeOf(change(id, reopen(), minutes(3)))).toBe('already-out');
    expect(await codeOf(opened({ ...cut, nodeIds: ['F-2', 'F-1'] }, minutes(3)))).toBe('already-out');
  });

  test('reported by two at once is opened again once', async () => {
    const id = await openedAs(cut);
    await change(id, restore(), minutes(1));
    const both = await Promise.all([codeOf(opened(cut, minutes(2))), codeOf(opened(cut, minutes(2)))]);

    expect(both.sort()).toEqual(['accepted', 'already-out']);
    expect(await typesOf(id)).toEqual(['OutageReported', 'SupplyRestored', 'OutageReopened']);
  });

  test('that a machine reports on the same nodes is confirmed by a person’s report, under the id that is there', async () => {
    const id = await openedAs({ ...cut, wait: unconfirmed });
    expect(await published()).toEqual([]);

    expect(await openedAs({ ...cut, cause: 'storm' }, minutes(1))).toBe(id);
    expect(await stateOf(id)).toMatchObject({ version: 1, status: 'open', cause: 'storm', startsAt: now, pending: [] });
  });

  test('after a restoration that waits says nothing, nor does the restoration', async () => {
    const id = await openedAs(cut);
    await change(id, restore({ wait: unconfirmed }), minutes(1));
    expect(await openedAs({ ...cut, wait: unconfirmed }, minutes(2))).toBe(id);

    expect(await sweep(minutes(60))).toEqual([]);
    expect(await stateOf(id)).toMatchObject({ version: 1, status: 'open', pending: [] });
  });

  test('after a step that waits says nothing, nor does the step', async () => {
    const id = await openedAs(cut);
    await change(id, restoreNodes({ nodeIds: ['DT-1'], wait: unconfirmed }), minutes(1));
    expect(await openedAs({ ...cut, nodeIds: ['DT-1'], wait: unconfirmed }, minutes(2))).toBe(id);

    expect(await sweep(minutes(60))).toEqual([]);
    expect(await stateOf(id)).toMatchObject({ version: 1, nodeIds: ['F-1'], pending: [] });
  });
});

describe('planned work', () => {
  test('is drafted, approved, announced, moved and cancelled', async () => {
    const id = await openedAs(draftWork({ nodeIds: ['F-1'], exceptNodeIds: ['DT-1'] }));
    expect(await codeOf(change(id, announceApproved()))).toBe('not-approved');
    await change(id, approve());
    expect(await published()).toEqual([]);
    await change(id, announceApproved());
    await change(id, reschedule({ startsAt: at(40), endsAt: at(42) }));
    await change(id, cancel());

    expect(await typesOf(id)).toEqual(['PlannedOutageAnnounced', 'PlannedWorkRescheduled', 'PlannedWorkCancelled']);
    expect(await stateOf(id)).toMatchObject({
      ...{ status: 'cancelled', nodeIds: ['DT-2', 'DT-3'], ownNodeIds: ['F-1'], startsAt: at(40) },
    });
  });

  test('keeps its window free: against another announcement, one that waits, and one that moves there', async () => {
    const id = await openedAs({ ...announce, wait: undoable });
    expect(await codeOf(opened(announce))).toBe('already-out');
    const later = await openedAs({ ...announce, startsAt: at(50), endsAt: at(52) });
    expect(await codeOf(change(later, reschedule({ startsAt: at(27), endsAt: at(29) })))).toBe('already-out');

    await change(id, undo());
    expect(await codeOf(change(later, reschedule({ startsAt: at(27), endsAt: at(29) })))).toBe('accepted');
  });
});

describe('what is due', () => {
  const soon = minutes(0.5);

  test('happens once, and state and event commit together', async () => {
    const id = await openedAs({ ...announce, wait: undoable });
    expect(await published()).toEqual([]);
    expect(await sweep(minutes(0.1))).toEqual([]);

    expect((await sweep(soon)).map(({ type }) => type)).toEqual(['PlannedOutageAnnounced']);
    expect(await sweep(soon)).toEqual([]);
    expect(await stateOf(id)).toMatchObject({ version: 1, status: 'announced', pending: [] });
    expect(await published()).toEqual(await noted());
  });

  test('happens once where two replicas see it', async () => {
    const ids = await Promise.all([
      openedAs({ ...announce, nodeIds: ['F-1'], wait: undoable }),
      openedAs({ ...announce, nodeIds: ['F-2'], wait: undoable }),
    ]);
    const seen = await Promise.all(
      [...ids, ...ids.toReversed(), ...ids].map((id) => withTransaction(db, (tx) => passTimeOf(tx, id, soon))),
    );

    expect(seen.flatMap((passed) => passed?.events ?? [])).toHaveLength(2);
    expect(await published()).toHaveLength(2);
  });

  test('happens after all where the process dies before the commit', async () => {
    const id = await openedAs({ ...announce, wait: undoable });
    const dies = new Error('dies');
    const crash = withTransaction(db, async (tx) => {
      expect((await passTimeOf(tx, id, soon))?.events).toHaveLength(1);
      throw dies;
    });
    await expect(crash).rejects.toBe(dies);
    expect(await published()).toEqual([]);
    expect(await stateOf(id)).toMatchObject({ version: 0, status: 'approved' });

    expect(await sweep(soon)).toHaveLength(1);
    expect(await published()).toHaveLength(1);
  });

  test('happens to a process that starts later, as it would have then', async () => {
    const id = await openedAs({ ...announce, startsAt: at(1), endsAt: at(3), wait: undoable });

    expect((await sweep(at(48))).map(({ type, occurredAt }) => [type, occurredAt])).toEqual([
      ['PlannedOutageAnnounced', now],
      ['PlannedWorkStarted', at(1)],
    ]);
    expect(await stateOf(id)).toMatchObject({ version: 2, status: 'open', startsAt: at(1) });
  });

  test('does not happen where it was undone in the moment it was to', async () => {
    const id = await openedAs({ ...announce, wait: undoable });
    let passing: Promise<Awaited<ReturnType<typeof passTimeOf>>> | undefined;
    await withTransaction(db, async (tx: Transaction) => {
      await changeOutage(tx, id, said(undo()) as unknown as Change, { now: soon, traceId: null });
      passing = withTransaction(db, (other) => passTimeOf(other, id, soon));
      await until(async () => (await query(db, `select from pg_locks where not granted`)).length > 0, {
        describe: 'the other to wait',
      });
    });

    expect((await passing)?.events).toEqual([]);
    expect(await sweep(soon)).toEqual([]);
    expect(await stateOf(id)).toMatchObject({ version: 0, status: 'dropped' });
    expect(await published()).toEqual([]);
  });

  test('is a step in the network as it is then', async () => {
    const id = await openedAs({ ...report, startedAt: null, estimatedRestorationAt: null });
    await change(id, restoreNodes({ nodeIds: ['DT-1'], wait: unconfirmed }), minutes(1));

    expect((await sweep(minutes(6))).map(({ type, energisedAt }) => [type, energisedAt])).toEqual([
      ['SupplyPartlyRestored', minutes(1)],
    ]);
    expect(await stateOf(id)).toMatchObject({ nodeIds: ['DT-2', 'DT-3'], ownNodeIds: ['F-1'] });
  });

  test('is told at once when a person confirms it, all of it', async () => {
    const id = await openedAs({ ...report, startedAt: null, estimatedRestorationAt: null });
    await change(id, restoreNodes({ nodeIds: ['DT-1'], wait: unconfirmed }), minutes(1));
    await change(id, restore({ wait: unconfirmed }), minutes(2));
    const { decision } = await change(id, confirm(), minutes(3));

    expect(decision).toMatchObject({ accepted: true, state: { status: 'restored', restoredAt: minutes(2) } });
    expect(await typesOf(id)).toEqual(['OutageReported', 'SupplyPartlyRestored', 'SupplyRestored']);
    expect(await published()).toHaveLength(3);
  });

  test('is let go, by name, where it cannot be any more', async () => {
    const id = await openedAs({ ...announce, startsAt: at(1), endsAt: at(3) });
    await change(id, cancel({ wait: undoable }));
    const { decision } = await change(id, { ...cancel(), type: 'start-planned-work', startedAt: null }, minutes(0.1));
    expect(decision.accepted).toBe(true);
    const passed = await withTransaction(db, (tx) => passTimeOf(tx, id, soon));

    expect(passed).toMatchObject({ events: [], letGo: [{ type: 'PlannedWorkCancelled' }] });
    expect(await stateOf(id)).toMatchObject({ status: 'open', pending: [] });
  });
});
