import { type ControlRoomEvent, encodeEvent } from '@bijli/events';
import { replayDeadLetter } from '@bijli/outbox';
import { withTransaction } from '@bijli/postgres';
import { randomName, until } from '@bijli/testing';
import { newId } from '@bijli/units';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { controlRoomEvent, startControlRoom, startRegistry } from './neighbours.ts';
import { withPool } from './outage-database.ts';
import { makeTopics, nodeEvent, type RunningOutage, startOutage } from './running-outage.ts';

const HOUR_MS = 3_600_000;
const inHours = (hours: number): Date => new Date(Date.now() + hours * HOUR_MS);
const prefix = `${randomName('control-room')}.`;

let outage: RunningOutage;
let registry: Awaited<ReturnType<typeof startRegistry>>;
let controlRoom: Awaited<ReturnType<typeof startControlRoom>>;
let nodes: string[];
let used = 0;

beforeAll(async () => {
  await makeTopics(prefix);
  [outage, registry, controlRoom] = await Promise.all([
    startOutage({ prefix }),
    startRegistry(prefix),
    startControlRoom(prefix),
  ]);
  nodes = Array.from({ length: 150 }, (_none, index) => `F-${index}`);
  await registry.say(...nodes.map((code) => nodeEvent(code)));
  await until(() => nodes.every((code) => outcomesOf(code).length > 0), { describe: 'nodes' });
});
afterAll(async () => {
  await Promise.all([outage?.stop(), registry?.stop(), controlRoom?.stop()]);
});

/** A node that is in no outage yet. */
const freshNode = (): string => nodes[(used += 1)] ?? '';
const outcomesOf = (key: string) => outage.outcomes.filter((each) => each.key === key).map(({ outcome }) => outcome);
const settled = (key: string, count: number) =>
  until(() => (outcomesOf(key).length >= count ? outcomesOf(key) : undefined), {
    describe: () => `${count} outcomes of ${key}, so far ${outcomesOf(key).join(' ')}`,
  });
const get = async (path: string) => (await outage.ask('GET', `/v1/control-room-events${path}`)).body;
const items = async (search: string) => (await get(search))['items'] as Record<string, unknown>[];

const report = (given: Partial<ControlRoomEvent> = {}) =>
  controlRoomEvent({ cause: 'storm', nodeIds: [freshNode()], ...given });
const announce = (given: Partial<ControlRoomEvent> = {}) =>
  report({ type: 'PlannedOutageAnnounced', startsAt: inHours(2), estimatedRestorationAt: inHours(4), ...given });
const change = (aggregateId: string, estimatedRestorationAt: Date | null = inHours(3)) =>
  controlRoomEvent({ type: 'RestorationEstimateChanged', aggregateId, estimatedRestorationAt });
const restore = (aggregateId: string, restoredAt: Date | null = null) =>
  controlRoomEvent({ type: 'SupplyRestored', aggregateId, restoredAt });

describe('the control room', () => {
  test('reports, changes and restores an outage, and each event tells what became of it', async () => {
    const said = report({ nodeIds: [freshNode(), freshNode()] });
    const id = said.aggregateId;
    const [moved, back] = [change(id), restore(id)];
    await controlRoom.say(said, moved, back);
    expect(await settled(id, 3)).toEqual(['applied', 'applied', 'applied']);

    const [restoration, , first] = await items(`?sourceId=${id}`);
    expect(restoration).toMatchObject({ outcome: 'taken', eventId: back.eventId, type: 'SupplyRestored' });
    expect(first).toMatchObject({ outcome: 'taken', eventId: said.eventId, sourceId: id, type: 'OutageReported' });
    expect(await get(`/${moved.eventId}`)).toMatchObject({
      outcome: 'taken',
      taken: { outageId: first?.['outageId'], type: 'RestorationEstimateChanged' },
      refusals: [],
    });
    const { body } = await outage.ask('GET', `/v1/outages/${String(first?.['outageId'])}`);
    expect(body).toMatchObject({ version: 3, status: 'restored', nodeIds: said.nodeIds });
    expect(outage.lines.filter((line) => line.includes('control room event taken')).length).toBeGreaterThan(2);
  });

  test('dates what it hears late by when it was said', async () => {
    const said = report({ occurredAt: inHours(-3), startsAt: null });
    const back = { ...restore(said.aggregateId), occurredAt: inHours(-1) };
    await controlRoom.say(said, back);
    await settled(said.aggregateId, 2);

    const { taken } = (await get(`/${said.eventId}`)) as { taken: { outageId: string } };
    const { body } = await outage.ask('GET', `/v1/outages/${taken.outageId}`);
    expect(body).toMatchObject({
      startsAt: said.occurredAt.toISOString(),
      restoredAt: back.occurredAt.toISOString(),
    });
  });

  test('announces planned work', async () => {
    const said = announce();
    await controlRoom.say(said);
    await settled(said.aggregateId, 1);

    const { taken } = (await get(`/${said.eventId}`)) as { taken: { outageId: string } };
    const { body } = await outage.ask('GET', `/v1/outages/${taken.outageId}`);
    expect(body).toMatchObject({ kind: 'planned', startsAt: said.startsAt?.toISOString() });
  });

  test('repeats an event, and nothing happens; the same id with other content is quarantined', async () => {
    const said = report();
    await controlRoom.say(said, said, { ...said, cause: 'safety' });

    expect(await settled(said.aggregateId, 3)).toEqual(expect.arrayContaining(['applied', 'repeated', 'dead']));
    expect(await get(`/${said.eventId}`)).toMatchObject({
      outcome: 'taken',
      refusals: [{ reason: 'same-id-other-bytes', errors: [] }],
    });
    expect(await items(`?sourceId=${said.aggregateId}&outcome=taken`)).toHaveLength(1);
  });

  test('says the estimate that there is, and that nothing changed is counted and listed', async () => {
    const until = inHours(3);
    const said = report({ estimatedRestorationAt: until });
    const same = change(said.aggregateId, until);
    await controlRoom.say(said, same);

    expect(await settled(said.aggregateId, 2)).toEqual(['applied', 'unchanged']);
    expect(await items(`?sourceId=${said.aggregateId}&outcome=unchanged`)).toMatchObject([
      { outcome: 'unchanged', eventId: same.eventId, type: 'RestorationEstimateChanged' },
    ]);
    expect(await items(`?sourceId=${said.aggregateId}&outcome=taken`)).toHaveLength(1);
    const { taken, ...heard } = (await get(`/${same.eventId}`)) as { taken: { outageId: string } };
    expect(heard).toMatchObject({ outcome: 'unchanged', refusals: [] });
    expect((await outage.ask('GET', `/v1/outages/${taken.outageId}`)).body).toMatchObject({ version: 1 });
  });

  test('is told by HTTP and by Kafka of one and the same outage', async () => {
    const said = report();
    await controlRoom.say(said);
    await settled(said.aggregateId, 1);
    const { taken } = (await get(`/${said.eventId}`)) as { taken: { outageId: string } };
    await outage.ask('POST', `/v1/outages/${taken.outageId}/restoration`, {});

    const late = change(said.aggregateId);
    await controlRoom.say(late);
    await settled(said.aggregateId, 2);
    expect(await get(`/${late.eventId}`)).toMatchObject({
      outcome: 'refused',
      refusals: [{ errors: [{ field: 'aggregateId', rule: 'already-restored' }] }],
    });
  });
});

/** What is said before, taken; what is said then; which field and rule it is refused by. */
type BadInput = [what: string, before: ControlRoomEvent[], said: ControlRoomEvent, refusal: string];

/** Says events and waits until each came to something. */
async function heardAll(events: readonly ControlRoomEvent[]): Promise<void> {
  await controlRoom.say(...events);
  await until(() => events.every(({ eventId }) => outage.outcomes.some((each) => each.eventId === eventId)), {
    describe: () => `${events.length} outcomes`,
  });
}

/** Made when the nodes are known and the hour is. */
function badInputs(): BadInput[] {
  const alone = (what: string, said: ControlRoomEvent, refusal: string): BadInput => [what, [], said, refusal];
  const after = (
    what: string,
    before: ControlRoomEvent,
    then: (id: string) => ControlRoomEvent,
    refusal: string,
  ): BadInput => [what, [before], then(before.aggregateId), refusal];
  const taken = freshNode();
  return [
    alone('an unknown node', report({ nodeIds: [freshNode(), 'nowhere'] }), 'nodeIds.1 unknown-node'),
    alone('a node twice', report({ nodeIds: ['F-0', 'F-0'] }), 'nodeIds duplicate-node'),
    alone(
      '2,001 nodes',
      report({ nodeIds: Array.from({ length: 2_001 }, (_none, index) => `N-${index}`) }),
      'nodeIds node-count',
    ),
    after(
      'a node that is out',
      report({ nodeIds: [taken] }),
      () => report({ nodeIds: [taken] }),
      'nodeIds already-out',
    ),
    alone('a node that is no code', report({ nodeIds: ['F 1'] }), 'nodeIds.0 format'),
    alone('no node', report({ nodeIds: [] }), 'nodeIds required'),
    alone('no cause', report({ cause: null }), 'cause required'),
    alone('an unknown cause', report({ cause: 'monkeys' }), 'cause choice'),
    alone('an unknown type', report({ type: 'OutageForgotten' as 'OutageReported' }), 'type choice'),
    alone('an id of 101 characters', report({ aggregateId: 'x'.repeat(101) }), 'aggregateId maximum'),
    alone(
      'an end before its start',
      announce({ estimatedRestorationAt: inHours(1) }),
      'estimatedRestorationAt ends-before-start',
    ),
    alone(
      'a window of 25 hours',
      announce({ estimatedRestorationAt: inHours(27) }),
      'estimatedRestorationAt window-too-long',
    ),
    alone('work announced after its start', announce({ startsAt: inHours(-1) }), 'startsAt starts-in-the-past'),
    alone(
      'work in 91 days',
      announce({ startsAt: inHours(91 * 24), estimatedRestorationAt: inHours(91 * 24 + 1) }),
      'startsAt starts-too-far-ahead',
    ),
    alone('work without start', announce({ startsAt: null }), 'startsAt required'),
    alone(
      'an estimate in the past',
      report({ estimatedRestorationAt: inHours(-1) }),
      'estimatedRestorationAt estimate-in-the-past',
    ),
    alone(
      'an estimate in ten years',
      report({ estimatedRestorationAt: inHours(87_600) }),
      'estimatedRestorationAt estimate-too-far-ahead',
    ),
    alone('a cut in the future', report({ startsAt: inHours(1) }), 'startsAt started-in-the-future'),
    alone('a cut of the day before yesterday', report({ startsAt: inHours(-40) }), 'startsAt started-too-long-ago'),
    alone('a report that it is over', report({ restoredAt: inHours(-1) }), 'restoredAt not-allowed'),
    alone('a change of nothing known', change(`CR-${newId()}`), 'aggregateId no-such-outage'),
    alone('a restoration of nothing known', restore(`CR-${newId()}`), 'aggregateId no-such-outage'),
    after('a second report', report(), (id) => report({ aggregateId: id }), 'aggregateId already-exists'),
    after(
      'a change to the past',
      report(),
      (id) => change(id, inHours(-1)),
      'estimatedRestorationAt estimate-in-the-past',
    ),
    after('a change to nothing', report(), (id) => change(id, null), 'estimatedRestorationAt required'),
    after(
      'work that lasts too long',
      announce(),
      (id) => change(id, inHours(27)),
      'estimatedRestorationAt window-too-long',
    ),
    after('an end of what has not begun', announce(), (id) => restore(id), 'aggregateId not-begun'),
    after(
      'an end before the beginning',
      report({ startsAt: inHours(-1) }),
      (id) => restore(id, inHours(-2)),
      'restoredAt restored-before-start',
    ),
    after('an end in the future', report(), (id) => restore(id, inHours(1)), 'restoredAt restored-in-the-future'),
    (() => {
      const before = report();
      const id = before.aggregateId;
      return ['an end after the end', [before, restore(id)], restore(id), 'aggregateId already-restored'];
    })(),
  ];
}

/** Records that nobody can read, by reason. */
function broken(): [reason: string, key: string, value: Buffer | null][] {
  const whole = report();
  const value = encodeEvent('control-room.outage.v1', whole);
  const withId = (id: number) => {
    const framed = Buffer.from(value);
    framed.writeUInt32BE(id, 1);
    return framed;
  };
  const key = whole.aggregateId;
  return [
    ['empty', key, null],
    ['empty', key, Buffer.alloc(0)],
    ['not-framed', key, Buffer.from('{"type":"OutageReported"}')],
    ['malformed', key, value.subarray(0, -4)],
    ['trailing-bytes', key, Buffer.concat([value, Buffer.from([0])])],
    ['unknown-schema', key, withId(4_711)],
    ['foreign-schema', key, withId(1)],
    ['too-large', key, Buffer.concat([value, Buffer.alloc(262_144)])],
    ['foreign-key', 'another', value],
    ['foreign-key', '', value],
  ];
}

describe('what breaks a rule', () => {
  test('is refused by field and rule, each where an operator finds it, while everything else is taken', async () => {
    const inputs = badInputs();
    const good = inputs.map(() => report({ estimatedRestorationAt: inHours(2) }));
    await heardAll(inputs.flatMap(([, before]) => before));
    await heardAll(inputs.flatMap(([, , said], index) => [said, ...good.slice(index, index + 1)]));

    const answers = await Promise.all(inputs.map(([, , { eventId }]) => get(`/${eventId}`)));
    const refusals = answers.map(
      ({ refusals: all }) => (all as { errors: { field: string; rule: string }[] }[])[0]?.errors[0],
    );
    expect(refusals.map((each) => `${each?.field} ${each?.rule}`)).toEqual(inputs.map(([, , , refusal]) => refusal));
    expect(answers.map(({ outcome }) => outcome)).toEqual(inputs.map(() => 'refused'));
    const others = [...good, ...inputs.flatMap(([, before]) => before)];
    const taken = await Promise.all(others.map(({ eventId }) => get(`/${eventId}`)));
    expect(taken.map(({ outcome }) => outcome)).toEqual(others.map(() => 'taken'));
  });

  test('is found among the refused with its reason when it cannot even be read', async () => {
    const records = broken();
    const before = (await items('?outcome=refused&limit=200')).length;
    for (const [, key, value] of records) await controlRoom.write(key, value);
    const good = report();
    await controlRoom.say(good);
    await settled(good.aggregateId, 1);

    const refused = await until(
      async () => {
        const found = await items('?outcome=refused&limit=200');
        return found.length === before + records.length ? found : undefined;
      },
      { describe: 'the dead letters' },
    );
    const unread = refused.filter(({ eventId }) => eventId === null);
    expect(unread.map(({ reason }) => String(reason)).sort()).toEqual(records.map(([reason]) => reason).sort());
    expect(unread.every(({ errors }) => (errors as []).length === 0)).toBe(true);
  });

  test('is taken after all when its cause has gone and it is replayed', async () => {
    const code = 'F-late';
    const said = report({ nodeIds: [code] });
    const moved = change(said.aggregateId);
    await controlRoom.say(said, moved);
    expect(await settled(said.aggregateId, 2)).toEqual(['dead', 'dead']);
    const [first, second] = await Promise.all([get(`/${said.eventId}`), get(`/${moved.eventId}`)]);
    const idOf = (answer: typeof first) => (answer['refusals'] as { deadLetterId: string }[])[0]?.deadLetterId ?? '';

    await registry.say(nodeEvent(code));
    await settled(code, 1);
    await withPool(outage.database, async (db) => {
      for (const answer of [first, second])
        expect(await withTransaction(db, (tx) => replayDeadLetter(tx, idOf(answer), 'asha'))).toBe(true);
    });
    await settled(said.aggregateId, 4);

    for (const [event, type] of [
      [said, 'OutageReported'],
      [moved, 'RestorationEstimateChanged'],
    ] as const)
      expect(await get(`/${event.eventId}`)).toMatchObject({
        outcome: 'taken',
        taken: { type },
        refusals: [{ state: 'replayed', deaths: 1 }],
      });
    expect(await items(`?sourceId=${said.aggregateId}&outcome=refused`)).toEqual([]);
  });
});

describe('the answers', () => {
  test('come in pages, each event once', async () => {
    const seen: string[] = [];
    for (let cursor = ''; ; ) {
      const page = await get(`?limit=7${cursor}`);
      seen.push(
        ...(page['items'] as { eventId: string; deadLetterId?: string }[]).map(
          (each) => each.deadLetterId ?? each.eventId,
        ),
      );
      if (page['nextCursor'] === null) break;
      cursor = `&cursor=${String(page['nextCursor'])}`;
    }

    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toHaveLength((await items('?limit=200')).length);
  });

  test.each(['?cursor=bm9uZQ', '?cursor=WyJ4IiwieSJd', '?outcome=lost', '?sourceId=', '?eventId=x', '/42'])(
    'refuse %s',
    async (path) => {
      expect((await outage.ask('GET', `/v1/control-room-events${path}`)).status).toBe(400);
    },
  );

  test('know nothing of an event that was never heard', async () => {
    expect(await outage.ask('GET', `/v1/control-room-events/${newId()}`)).toMatchObject({
      status: 404,
      body: { code: 'no-such-event' },
    });
  });
});
