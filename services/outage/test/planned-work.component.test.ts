import { randomName, until } from '@bijli/testing';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { refusalOf, startOnNetwork } from './outage-on-a-network.ts';
import type { Answered } from './running-outage.ts';

let town: Awaited<ReturnType<typeof startOnNetwork>>;
beforeAll(async () => {
  town = await startOnNetwork({ undoSeconds: 10 });
});
afterAll(() => town?.stop());

const HOUR = 60;
const window = (from: number, to: number) => ({ startsAt: town.inMinutes(from), endsAt: town.inMinutes(to) });
async function announced(from = HOUR, to = 3 * HOUR): Promise<unknown> {
  const { feeder } = await town.freshFeeder();
  const body = { nodeIds: [feeder], cause: 'maintenance', ...window(from, to) };
  const { body: answer } = await town.outage.ask('POST', '/v1/planned-outages', body);
  return answer['id'];
}
async function drafted(draftedBy = 'Asha Verma'): Promise<Answered> {
  const { feeder } = await town.freshFeeder();
  const body = { nodeIds: [feeder], cause: 'line-repair', ...window(HOUR, 3 * HOUR), draftedBy };
  return await town.outage.ask('POST', '/v1/planned-outage-drafts', body);
}
/** Past the time in which the latest change can be undone, when it is told. */
async function told(id: unknown, count: number): Promise<string[]> {
  town.forward(1);
  return await town.typesOf(id, count);
}
const listed = async (search = '') =>
  ((await town.outage.ask('GET', `/v1/outages?limit=200${search}`)).body['items'] as { id: string }[]).map(
    ({ id }) => id,
  );

describe('planned work', () => {
  test('is drafted, approved by another person, announced, and told when it can be undone no more', async () => {
    const { status, body, headers } = await drafted();
    const { id } = body;
    expect([status, body['status'], body['version'], headers.get('etag')]).toEqual([201, 'draft', 0, null]);
    expect(refusalOf(await town.post(id, 'announcement'))).toBe('409 not-approved');
    expect(refusalOf(await town.post(id, 'approval', { approvedBy: 'asha  verma' }))).toBe(
      '409 same-person /body/approvedBy same-person',
    );
    expect((await town.post(id, 'approval', { approvedBy: 'Ravi Kumar' })).body).toMatchObject({
      ...{ status: 'approved', draftedBy: 'Asha Verma', approvedBy: 'Ravi Kumar', isChanged: true },
    });
    const announcement = await town.post(id, 'announcement');
    expect(announcement.body).toMatchObject({ status: 'approved', version: 0 });
    const [pending] = (await town.get(id))['pending'] as { until: string; saidAt: string }[];
    expect(pending).toMatchObject({ type: 'PlannedOutageAnnounced', reason: 'undo-window' });
    expect(Date.parse(pending?.until ?? '') - Date.parse(pending?.saidAt ?? '')).toBe(10_000);
    expect(await listed()).not.toContain(id);
    expect(await listed('&status=approved')).toContain(id);

    const [event] = (await told(id, 1)) && (await town.eventsOf(id, 1));
    expect(event).toMatchObject({ type: 'PlannedOutageAnnounced', version: 1, status: 'announced' });
    expect(JSON.stringify(event)).not.toMatch(/Asha|Ravi/);
    expect(await town.get(id)).toMatchObject({ version: 1, status: 'announced', pending: [] });
    expect(await listed()).toContain(id);
    expect(town.outage.lines.join('')).not.toMatch(/Asha|Ravi/);
  });

  test('that is announced directly is undone, and nothing was told', async () => {
    const id = await announced();
    expect(await town.get(id)).toMatchObject({ status: 'approved', version: 0 });
    expect((await town.post(id, 'undo')).body).toMatchObject({ status: 'dropped', pending: [] });
    expect(refusalOf(await town.post(id, 'undo'))).toBe('409 nothing-to-undo');
    town.forward(1);

    const other = await announced();
    expect(await told(other, 1)).toEqual(['PlannedOutageAnnounced']);
    expect(await town.get(id)).toMatchObject({ status: 'dropped', version: 0, events: [] });
  });

  test('is moved, moved back, cancelled: what is undone is not told', async () => {
    const id = await announced();
    await told(id, 1);
    const moved = await town.put(id, 'window', window(5 * HOUR, 7 * HOUR), { 'if-match': '"1"' });
    expect(moved.body).toMatchObject({ version: 1, isChanged: true, pending: [{ type: 'PlannedWorkRescheduled' }] });
    expect(refusalOf(await town.post(id, 'cancellation'))).toBe('409 change-pending');
    await town.post(id, 'undo');

    const estimate = { estimatedRestorationAt: town.inMinutes(4 * HOUR) };
    expect((await town.put(id, 'restoration-estimate', estimate)).body).toMatchObject({
      pending: [{ type: 'PlannedWorkRescheduled' }],
    });
    expect(await told(id, 2)).toEqual(['PlannedOutageAnnounced', 'PlannedWorkRescheduled']);
    await town.post(id, 'cancellation');
    expect(await told(id, 3)).toEqual(['PlannedOutageAnnounced', 'PlannedWorkRescheduled', 'PlannedWorkCancelled']);
    const [, second, third] = await town.eventsOf(id, 3);
    expect([second?.estimatedRestorationAt.toISOString(), second?.status]).toEqual([
      ...[estimate.estimatedRestorationAt, 'announced'],
    ]);
    expect([third?.status, third?.restoredAt]).toEqual(['cancelled', null]);
    expect(refusalOf(await town.post(id, 'cancellation'))).toBe('409 already-cancelled');
  });

  test('starts by its time, is extended, and ends', async () => {
    const id = await announced(HOUR, 3 * HOUR);
    await told(id, 1);
    town.forward(HOUR);
    expect(await town.typesOf(id, 2)).toEqual(['PlannedOutageAnnounced', 'PlannedWorkStarted']);
    expect(refusalOf(await town.post(id, 'cancellation'))).toBe('409 already-begun');
    expect(refusalOf(await town.put(id, 'window', window(HOUR, 2 * HOUR)))).toBe('409 already-begun');

    const until = { estimatedRestorationAt: town.inMinutes(4 * HOUR), estimateSource: 'crew' };
    expect((await town.put(id, 'restoration-estimate', until)).body).toMatchObject({ version: 3, pending: [] });
    await town.post(id, 'restoration');
    const events = await town.eventsOf(id, 4);
    expect(events.map(({ type, status }) => `${type} ${status}`).slice(2)).toEqual([
      ...['PlannedWorkExtended open', 'SupplyRestored restored'],
    ]);
    expect(events[2]?.estimateSource).toBe('crew');
    expect(events[1]?.occurredAt).toEqual(events[1]?.startsAt);
  });

  test('starts since a person says so', async () => {
    const id = await announced(2 * HOUR, 3 * HOUR);
    await told(id, 1);

    expect((await town.post(id, 'start')).body).toMatchObject({ status: 'open', version: 2, pending: [] });
    expect(await town.typesOf(id, 2)).toEqual(['PlannedOutageAnnounced', 'PlannedWorkStarted']);
    expect(refusalOf(await town.post(id, 'start'))).toBe('409 already-begun');
  });
});

describe('a change that waits', () => {
  test('and cannot be any more is logged for somebody to act', async () => {
    const id = await announced(HOUR, 2 * HOUR);
    await told(id, 1);
    await town.post(id, 'cancellation');
    await town.post(id, 'start');
    expect(await told(id, 2)).toEqual(['PlannedOutageAnnounced', 'PlannedWorkStarted']);

    const line = await until(() => town.outage.lines.find((each) => each.includes('cannot be any more')), {
      describe: 'the line',
    });
    expect(JSON.parse(line)).toMatchObject({ level: 'error', outageId: id, type: 'PlannedWorkCancelled' });
  });
});

describe('what a control room says of planned work', () => {
  test('is told at once, in its words', async () => {
    const { feeder } = await town.freshFeeder();
    const source = randomName('CR');
    const at = (minutes: number) => new Date(town.inMinutes(minutes));
    const opening = {
      cause: 'maintenance',
      nodeIds: [feeder],
      startsAt: at(HOUR),
      estimatedRestorationAt: at(2 * HOUR),
    };
    const { id } = await town.says(source, 'PlannedOutageAnnounced', opening);
    const moved = { startsAt: at(2 * HOUR), estimatedRestorationAt: at(4 * HOUR) };
    await town.says(source, 'PlannedWorkRescheduled', moved);
    expect(await town.says(source, 'PlannedWorkRescheduled', moved)).toMatchObject({ outcome: 'unchanged' });
    expect((await town.says(source, 'PlannedWorkExtended', { estimatedRestorationAt: at(5 * HOUR) })).refusal).toBe(
      'aggregateId not-begun',
    );
    await town.says(source, 'PlannedWorkStarted');
    await town.says(source, 'PlannedWorkExtended', { estimatedRestorationAt: at(5 * HOUR) });
    expect((await town.says(source, 'PlannedWorkCancelled')).refusal).toBe('aggregateId already-begun');
    await town.says(source, 'SupplyRestored');

    expect(await town.typesOf(id, 5)).toEqual([
      ...['PlannedOutageAnnounced', 'PlannedWorkRescheduled', 'PlannedWorkStarted', 'PlannedWorkExtended'],
      'SupplyRestored',
    ]);
  });

  test('cancels it, and what a person was about to say of it is not told', async () => {
    const { feeder } = await town.freshFeeder();
    const source = randomName('CR');
    const [startsAt, estimatedRestorationAt] = [HOUR, 2 * HOUR].map((minutes) => new Date(town.inMinutes(minutes)));
    const opening = { cause: 'maintenance', nodeIds: [feeder], startsAt, estimatedRestorationAt };
    const { id } = await town.says(source, 'PlannedOutageAnnounced', opening);
    await town.put(id, 'window', window(5 * HOUR, 7 * HOUR));
    await town.says(source, 'PlannedWorkCancelled');

    expect(await told(id, 2)).toEqual(['PlannedOutageAnnounced', 'PlannedWorkCancelled']);
    expect(await town.get(id)).toMatchObject({ status: 'cancelled', pending: [] });
  });

  test('is refused by field and rule', async () => {
    const { feeder } = await town.freshFeeder();
    const source = randomName('CR');
    await town.says(source, 'OutageReported', { cause: 'storm', nodeIds: [feeder] });
    const refusals = async (type: string, given: object = {}) => (await town.says(source, type, given)).refusal;

    expect(await refusals('PlannedWorkCancelled')).toBe('aggregateId not-planned');
    expect(await refusals('PlannedWorkStarted')).toBe('aggregateId not-planned');
    expect(await refusals('PlannedWorkRescheduled')).toBe('startsAt required');
    expect(await refusals('PlannedWorkForgotten')).toBe('type choice');
    expect(await refusals('PlannedWorkCancelled', { isConfirmed: false })).toBe('isConfirmed not-allowed');
    expect((await town.says(randomName('CR'), 'PlannedWorkStarted')).refusal).toBe('aggregateId no-such-outage');
  });
});

describe('bad input', () => {
  const nowhere = '019c0d2c-0000-7000-8000-000000000000';
  type Case = [what: string, ask: (id: unknown) => Promise<Answered>, refusal: string];
  const cases: Case[] = [
    [
      'a start to come',
      (id) => town.post(id, 'start', { startedAt: town.inMinutes(1) }),
      '422 started-in-the-future /body/startedAt started-in-the-future',
    ],
    [
      'a start of yesterday',
      (id) => town.post(id, 'start', { startedAt: town.inMinutes(-25 * HOUR) }),
      '422 started-too-long-ago /body/startedAt started-too-long-ago',
    ],
    [
      'a start without zone',
      (id) => town.post(id, 'start', { startedAt: '2026-01-30T10:00:00' }),
      '400 invalid-request /body/startedAt instant',
    ],
    [
      'a window in the past',
      (id) => town.put(id, 'window', window(-HOUR, HOUR)),
      '422 starts-in-the-past /body/startsAt starts-in-the-past',
    ],
    [
      'a window that ends before',
      (id) => town.put(id, 'window', window(2 * HOUR, HOUR)),
      '422 ends-before-start /body/endsAt ends-before-start',
    ],
    [
      'a window of 25 hours',
      (id) => town.put(id, 'window', window(HOUR, 26 * HOUR)),
      '422 window-too-long /body/endsAt window-too-long',
    ],
    [
      'a window in 91 days',
      (id) => town.put(id, 'window', window(91 * 24 * HOUR, 91 * 24 * HOUR + 1)),
      '422 starts-too-far-ahead /body/startsAt starts-too-far-ahead',
    ],
    [
      'half a window',
      (id) => town.put(id, 'window', { endsAt: town.inMinutes(HOUR) }),
      '400 invalid-request /body/startsAt required',
    ],
    [
      'an old view',
      (id) => town.post(id, 'cancellation', {}, { 'if-match': '"7"' }),
      '409 stale-version /headers/if-match stale-version',
    ],
    [
      'a reason',
      (id) => town.post(id, 'cancellation', { reason: 'rain' }),
      '400 invalid-request /body/reason unknown-field',
    ],
    ['an approval of what is announced', (id) => town.post(id, 'approval', { approvedBy: 'Ravi' }), '409 not-a-draft'],
    [
      'an approver with a number',
      (id) => town.post(id, 'approval', { approvedBy: '98765 00042' }),
      '400 invalid-request /body/approvedBy mobile-number',
    ],
    ['a second announcement', (id) => town.post(id, 'announcement'), '409 not-approved'],
    ['nothing to confirm', (id) => town.post(id, 'confirmation'), '409 nothing-to-confirm'],
    ['nothing to open again', (id) => town.post(id, 'reopening'), '409 not-restored'],
    ['an id that is none', () => town.post('42', 'cancellation'), '400 invalid-request /params/id format'],
    ['nothing known', () => town.post(nowhere, 'undo'), '404 no-such-outage'],
  ];

  test('is refused with field and rule, and nothing is written', async () => {
    const id = await announced();
    await told(id, 1);
    const before = await town.get(id);

    for (const [, ask, refusal] of cases) expect(refusalOf(await ask(id))).toBe(refusal);
    expect(await town.get(id)).toEqual(before);
  });

  test('of a draft is refused with field and rule', async () => {
    expect(refusalOf(await drafted('9876500042'))).toBe('400 invalid-request /body/draftedBy mobile-number');
    expect(refusalOf(await drafted('  '))).toMatch(/^400 invalid-request \/body\/draftedBy/);
  });

  test('is told apart from a repeat: an Idempotency-Key does a thing once', async () => {
    const id = await announced();
    await told(id, 1);
    const key = { 'idempotency-key': randomName('key') };
    const [first, second] = [
      await town.post(id, 'cancellation', {}, key),
      await town.post(id, 'cancellation', {}, key),
    ];

    expect([second.status, second.body, second.headers.get('idempotent-replayed')]).toEqual([200, first.body, 'true']);
    const other = await announced();
    expect(refusalOf(await town.post(other, 'cancellation', {}, key))).toBe(
      '422 key-reused /headers/idempotency-key key-reused',
    );
  });
});
