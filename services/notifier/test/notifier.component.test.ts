import { type EventOf, type OutageEvent, type TopicName, topics } from '@bijli/events';
import { createTopics, type KafkaConnection, openKafka } from '@bijli/kafka';
import { appendEvents, type Outcome, outboxRelay } from '@bijli/outbox';
import { closeDatabase, type Database, openDatabase, withTransaction } from '@bijli/postgres';
import type { Component } from '@bijli/loop';
import { openLog } from '@bijli/service';
import { breakOff, randomName, sayAgain, testKafkaBrokers, until } from '@bijli/testing';
import { newId } from '@bijli/units';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { buildService } from '../src/build-service.ts';
import { readConfig } from '../src/config.ts';
import { notifierDatabase } from './notifier-database.ts';
import { type CounterpartSmsc, openCounterpartSmsc } from './smsc-of-npm.ts';
import { accountEvent, complaintEvent } from './personal-news.ts';
import { connectionEvent, idOf, networkEvents, outage } from './town-of-six.ts';

const HEARD = [
  'consumer-registry.network.v1',
  'consumer-registry.connection.v1',
  'outage.outage.v1',
  'billing.account.v1',
  'complaint.complaint.v1',
] as const;
const HOMES = [
  { account: '1000000001', node: 'DT-1', mobile: '9811111101' },
  { account: '1000000002', node: 'DT-2', mobile: '9811111101' },
  { account: '1000000003', node: 'F-1' },
];

let own: Awaited<ReturnType<typeof notifierDatabase>>;
let speaker: { db: Database; relay: Component; close: () => Promise<void> };
let kafka: KafkaConnection;
let smsc: CounterpartSmsc;
let components: Component[];
let base: string;
const outcomes: Outcome[] = [];
const lines: string[] = [];

beforeAll(async () => {
  const silent = openLog('test', 'silent');
  kafka = openKafka({ clientId: 'notifier', brokers: testKafkaBrokers(), log: silent, prefix: `${randomName('n')}.` });
  await createTopics(
    kafka,
    HEARD.map((topic) => ({ topic, partitions: 3, config: topics[topic].config })),
  );
  smsc = await openCounterpartSmsc();
  own = await notifierDatabase();
  const log = openLog('notifier', 'info', { write: (line) => void lines.push(line) });
  const db = openDatabase({ url: own.url, applicationName: 'notifier', onIdleError: () => {} });
  const built = buildService({
    config: configOf(own.url, smsc.port),
    db,
    kafka,
    log,
    onOutcome: (outcome) => outcomes.push(outcome),
  });
  components = built.components;
  for (const component of components) await component.start();
  base = `http://127.0.0.1:${built.http.port()}`;
  speaker = await openSpeaker();
  await say('consumer-registry.network.v1', networkEvents());
  await say(
    'consumer-registry.connection.v1',
    HOMES.map((home) => connectionEvent(home, 1)),
  );
  await until(
    async () => (await get<{ connections: number; nodes: number }>('/v1/audience')).connections === HOMES.length,
    { describe: 'the audience' },
  );
});

afterAll(async () => {
  await speaker?.close();
  for (const component of (components ?? []).toReversed()) await component.stop();
  await own?.close();
  await smsc?.close();
});

function configOf(url: string, smscPort: number) {
  return readConfig({
    DATABASE_URL: url,
    KAFKA_BROKERS: testKafkaBrokers().join(','),
    PORT: '0',
    ORPHAN_SWEEP_SECONDS: '1',
    NEW_TIME_PAUSE_SECONDS: '0',
    SEAL_KEYS: `k1:${'11'.repeat(32)}`,
    BLIND_INDEX_KEY: '22'.repeat(32),
    SMPP_HOST: '127.0.0.1',
    SMPP_PORT: String(smscPort),
    SMPP_SYSTEM_ID: 'test',
    SMPP_PASSWORD: 'secret',
  });
}

/** Somebody who says events as every service does: through an outbox of their own and its relay. */
async function openSpeaker() {
  const database = await notifierDatabase();
  const db = openDatabase({ url: database.url, applicationName: 'speaker', onIdleError: () => {} });
  const relay = outboxRelay({ db, kafka, log: openLog('speaker', 'silent'), pollMs: 50 });
  await relay.start();
  return {
    db,
    relay,
    close: async () => {
      await relay.stop();
      await closeDatabase(db);
      await database.close();
    },
  };
}

function say<T extends TopicName>(topic: T, events: readonly EventOf<T>[]): Promise<void> {
  return withTransaction(speaker.db, (tx) => appendEvents(tx, topic, events));
}

async function get<T>(path: string): Promise<T> {
  return (await (await fetch(base + path)).json()) as T;
}

type Run = {
  readonly runId: string;
  readonly kind: string;
  readonly state: string;
  readonly endedAt: string | null;
  readonly counts: {
    accepted: number;
    coalesced: number;
    skipped: Record<string, number>;
    audience: number;
    parts: { delivered: number };
  };
};

async function ended(event: OutageEvent): Promise<Run> {
  return until(
    async () =>
      (await get<{ runs: Run[] }>(`/v1/runs?outageId=${event.aggregateId}`)).runs.find((run) => run.endedAt !== null),
    {
      describe: 'the run to end',
    },
  );
}

let reported = 0;

/** An outage that lasts longer than those before: who was told of them is told of it. */
function newOutage(n: number, change: Partial<OutageEvent> = {}): OutageEvent {
  reported += 1;
  const estimatedRestorationAt = new Date(Date.now() + (4 + reported) * 3_600_000);
  return outage({ aggregateId: `00000000-0000-7000-8000-0000000000b${n}`, estimatedRestorationAt, ...change });
}

describe('notifier', () => {
  test('tells an outage that it hears: one text per mobile, its receipt recorded', async () => {
    const event = newOutage(1);
    await say('outage.outage.v1', [event]);

    const run = await ended(event);
    expect(run).toMatchObject({
      state: 'complete',
      counts: { audience: 3, accepted: 1, coalesced: 1, skipped: { 'no-number': 1 } },
    });
    expect(smsc.mobiles()).toEqual(['919811111101']);
    smsc.sendReceipts();
    await until(async () => (await get<Run>(`/v1/runs/${run.runId}`)).counts.parts.delivered === 1, {
      describe: 'the receipt to be counted',
    });
  });

  test('tells an outage once, though its record arrives twice', async () => {
    const event = newOutage(2);
    const before = smsc.mobiles().length;
    await say('outage.outage.v1', [event]);
    await ended(event);

    await sayAgain(speaker.db, event.eventId);

    await until(() => outcomes.some(({ eventId, outcome }) => eventId === event.eventId && outcome === 'repeated'), {
      describe: 'the repeat to be seen',
    });
    expect(smsc.mobiles().length).toBe(before + 1);
  });

  test('parks a record that it cannot read, and tells the next outage', async () => {
    const event = newOutage(3);
    const unreadable = newOutage(4);
    await withTransaction(speaker.db, async (tx) => {
      await appendEvents(tx, 'outage.outage.v1', [unreadable]);
      await breakOff(tx, unreadable.eventId);
    });
    await say('outage.outage.v1', [event]);

    await ended(event);
    await until(() => outcomes.some(({ outcome }) => outcome === 'dead'), {
      describe: 'the dead letter',
    });
  });

  test.each([
    ['billing.account.v1', 'bill', () => accountEvent('1000000001')],
    ['complaint.complaint.v1', 'complaint-lodged', () => complaintEvent('1000000001')],
  ] as const)('tells what it hears on %s once, though its record arrives twice', async (topic, subject, made) => {
    const event = made();
    const before = smsc.mobiles().length;
    await say(topic, [event as never]);
    const told = () =>
      get<{ messages: { subject: string; outcome: string | null }[] }>(
        `/v1/messages?connectionId=${idOf('1000000001')}`,
      ).then(({ messages }) => messages.filter((message) => message.subject === subject));
    await until(async () => (await told())[0]?.outcome === 'accepted', { describe: 'the text' });

    await sayAgain(speaker.db, event.eventId);

    await until(() => outcomes.some(({ eventId, outcome }) => eventId === event.eventId && outcome === 'repeated'), {
      describe: 'the repeat to be seen',
    });
    expect(await told()).toHaveLength(1);
    expect(smsc.mobiles().length).toBe(before + 1);
  });

  test('tells a bill of a connection once the registry has told of it', async () => {
    const home = { account: '1000000077', node: 'F-2', mobile: '9811111177' };
    await say('billing.account.v1', [accountEvent(home.account)]);
    await until(() => outcomes.some(({ key, outcome }) => key === idOf(home.account) && outcome === 'parked'), {
      describe: 'the bill to wait',
    });

    await say('consumer-registry.connection.v1', [connectionEvent(home, 1)]);

    await until(() => smsc.mobiles().includes('919811111177'), { describe: 'the text' });
  });

  test('sends nothing while it is stopped, and goes on when it is told to', async () => {
    const event = newOutage(5);
    const before = smsc.mobiles().length;
    await put('/v1/sending', { isStopped: true, reason: 'wrong texts', changedBy: 'operator-3' });
    await say('outage.outage.v1', [event]);
    await until(async () => (await get<{ runs: Run[] }>(`/v1/runs?outageId=${event.aggregateId}`)).runs.length === 1, {
      describe: 'the run to be planned',
    });
    expect(smsc.mobiles().length).toBe(before);

    await put('/v1/sending', { isStopped: false, reason: 'mended', changedBy: 'operator-3' });

    expect(await ended(event)).toMatchObject({ counts: { accepted: 1 } });
    expect(await get('/v1/sending')).toMatchObject({ isStopped: false, reason: 'mended', changedBy: 'operator-3' });
  });

  test.each([
    [7, { type: 'OutageCancelled', status: 'cancelled' }, 'ended'],
    [8, { type: 'StepRestored', status: 'partly-restored', restoredAt: new Date() }, 'restored'],
  ] as const)(
    'sends nothing of an outage that a newer producer ends in words it does not know (%d)',
    async (n, words, kind) => {
      const event = newOutage(n);
      const before = smsc.mobiles().length;
      await put('/v1/sending', { isStopped: true, reason: 'as over a night', changedBy: 'operator-3' });
      const runs = async () => (await get<{ runs: Run[] }>(`/v1/runs?outageId=${event.aggregateId}`)).runs;
      await say('outage.outage.v1', [event]);
      await until(async () => (await runs()).length === 1, { describe: 'the first run' });

      await say('outage.outage.v1', [
        { ...event, ...(words as unknown as Partial<OutageEvent>), eventId: newId(), version: 2 },
      ]);
      await until(async () => (await runs()).length === 2, { describe: 'the second run' });
      await put('/v1/sending', { isStopped: false, reason: 'morning', changedBy: 'operator-3' });
      await until(async () => (await runs()).every(({ endedAt }) => endedAt !== null), {
        describe: 'both runs to end',
      });

      expect((await runs()).map((run) => [run.kind, run.state])).toEqual([
        [kind, 'complete'],
        ['unplanned', 'superseded'],
      ]);
      expect(smsc.mobiles().length).toBe(before);
      expect(lines.some((line) => line.includes(words.type))).toBe(true);
    },
  );

  test.each([
    [
      'PUT',
      '/v1/sending',
      { isStopped: false, reason: ' 98765 01234 ', changedBy: 'op-3' },
      '/body/reason mobile-number',
    ],
    [
      'PUT',
      '/v1/sending',
      { isStopped: false, reason: 'mended', changedBy: '९८७६५०१२३४' },
      '/body/changedBy mobile-number',
    ],
    [
      'PUT',
      '/v1/sending',
      { isStopped: false, reason: 'a\u202eb', changedBy: 'op-3' },
      '/body/reason control-character',
    ],
    ['PUT', '/v1/sending', { isStopped: false, reason: 'a\nb', changedBy: 'op-3' }, '/body/reason control-character'],
    ['PUT', '/v1/sending', { isStopped: false, reason: 'ok', changedBy: ' ' }, '/body/changedBy required'],
    [
      'POST',
      '/v1/runs/00000000-0000-7000-8000-000000000000/release',
      { askedBy: '+91-98765-01234', reason: 'still true' },
      '/body/askedBy mobile-number',
    ],
  ])('keeps no number and no mark of direction that an operator writes: %s %s %j', async (method, path, body, rule) => {
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(base + path, { method, headers, body: JSON.stringify(body) });
    const { errors } = (await answer.json()) as { errors: { field: string; rule: string }[] };

    expect(answer.status).toBe(400);
    expect(errors.map((error) => `${error.field} ${error.rule}`)).toEqual([rule]);
  });

  test('holds late news until two people let it go', async () => {
    const event = newOutage(6, { occurredAt: new Date(Date.now() - 40 * 60_000) });
    await say('outage.outage.v1', [event]);
    const held = await until(async () => (await get<{ runs: Run[] }>('/v1/runs?state=held')).runs[0], {
      describe: 'the held run',
    });

    const post = async (path: string, body: object) => {
      const answer = await fetch(`${base}/v1/runs/${held.runId}/${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      return [answer.status, (await answer.json()) as { code?: string; asked?: object[] }] as const;
    };
    const ask = () => post('release', { askedBy: 'operator-3', reason: 'still true' });

    expect(await post('release/confirmation', { confirmedBy: 'operator-4' })).toMatchObject([
      409,
      { code: 'not-asked' },
    ]);
    expect(await ask()).toMatchObject([202, { state: 'held', asked: [{ kind: 'release', askedBy: 'operator-3' }] }]);
    expect(await ask()).toMatchObject([409, { code: 'no-release' }]);
    expect(await post('release/confirmation', { confirmedBy: 'Operator 3' })).toMatchObject([
      409,
      { code: 'same-person' },
    ]);
    expect(await post('release/confirmation', { confirmedBy: 'operator-4' })).toMatchObject([200, { asked: [] }]);
    expect(await ended(event)).toMatchObject({ counts: { accepted: 1 } });
    expect(await ask()).toMatchObject([409, { code: 'no-release' }]);
    expect(await post('recall', { askedBy: 'operator-3', reason: 'late' })).toMatchObject([409, { code: 'no-recall' }]);
  });

  test.each([
    ['GET', '/v1/runs/00000000-0000-7000-8000-000000000000', undefined, 404, 'no-such-run'],
    ['GET', '/v1/runs/7', undefined, 400, 'invalid-request'],
    ['GET', '/v1/runs?cursor=x', undefined, 400, 'invalid-request'],
    ['GET', `/v1/runs?cursor=${Buffer.from('["x"]').toString('base64url')}`, undefined, 400, 'invalid-request'],
    ['PUT', '/v1/sending', '{"isStopped":1,"reason":"","changedBy":"x"}', 400, 'invalid-request'],
  ])('%s %s is answered with a problem', async (method, path, body, status, code) => {
    const answer = await fetch(base + path, {
      method,
      headers: { 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body }),
    });

    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(await answer.json()).toMatchObject({ code });
  });

  test('lists runs page by page, newest first, and its approved texts', async () => {
    const first = await get<{ runs: Run[]; nextCursor: string }>('/v1/runs?limit=2');
    const second = await get<{ runs: Run[] }>(`/v1/runs?limit=2&cursor=${first.nextCursor}`);

    expect(first.runs).toHaveLength(2);
    expect(new Set([...first.runs, ...second.runs].map((run) => run.runId)).size).toBe(4);
    expect((await get<{ templates: unknown[] }>('/v1/templates')).templates).toHaveLength(62);
    expect((await get<{ items: object[] }>('/v1/causes')).items[0]).toEqual({
      code: 'maintenance',
      labels: { hi: 'रखरखाव', en: 'maintenance' },
    });
  });

  test('writes no mobile number into its log', () => {
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.filter((line) => line.includes('9811111101'))).toEqual([]);
  });
});

async function put(path: string, body: unknown): Promise<void> {
  const answer = await fetch(base + path, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  expect(answer.status).toBe(200);
}
