import { openKafka } from '@bijli/kafka';
import { closeDatabase, openDatabase } from '@bijli/postgres';
import { openLog } from '@bijli/service';
import { commandStatus } from '@bijli/smpp';
import { testKafkaBrokers, until } from '@bijli/testing';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { buildService } from '../src/build-service.ts';
import { readConfig } from '../src/config.ts';
import { countAhead } from '../src/store/runs/measure-backlog.ts';
import { notifierDatabase } from './notifier-database.ts';
import { startRawSmsc } from './smpp/raw-smsc.ts';
import { type CounterpartSmsc, openCounterpartSmsc } from './smsc-of-npm.ts';
import { HOMES } from './sending.ts';
import { outage, plan, settle } from './town-of-six.ts';

/** What an operator reads when texts do not leave. Nothing is heard from Kafka here: runs are planned as a subscription does. */
let own: Awaited<ReturnType<typeof notifierDatabase>>;
let notifier: Awaited<ReturnType<typeof startNotifier>>;
let smsc: CounterpartSmsc | undefined;
let smscPort: number;
const lines: string[] = [];

beforeAll(async () => {
  const reserved = await startRawSmsc();
  smscPort = reserved.port;
  await reserved.close();
  own = await notifierDatabase();
  await settle(own.db, HOMES);
  notifier = await startNotifier(own.url, smscPort, lines);
});
afterAll(async () => {
  await notifier?.stop();
  await own?.close();
  await smsc?.close();
});

/** Starts a notifier at an SMSC, but for its subscriptions; what it logs goes into `lines`. */
async function startNotifier(url: string, port: number, lines: string[]) {
  const log = openLog('notifier', 'info', { write: (line) => void lines.push(line) });
  const config = readConfig({
    DATABASE_URL: url,
    KAFKA_BROKERS: testKafkaBrokers().join(','),
    PORT: '0',
    SEAL_KEYS: `k1:${'11'.repeat(32)}`,
    BLIND_INDEX_KEY: '22'.repeat(32),
    SMPP_PORT: String(port),
    SMPP_SYSTEM_ID: 'test',
    SMPP_PASSWORD: 'secret',
  });
  const db = openDatabase({ url, applicationName: 'notifier', onIdleError: () => {} });
  const kafka = openKafka({ clientId: 'notifier', brokers: config.kafkaBrokers, log });
  const built = buildService({ config, db, kafka, log });
  const components = built.components.filter(({ name }) => name !== 'subscriptions' && name !== 'database');
  for (const component of components) await component.start();
  return {
    base: `http://127.0.0.1:${built.http.port()}`,
    stop: async () => {
      for (const component of components.toReversed()) await component.stop();
      await closeDatabase(db);
    },
  };
}

async function ask<T>(path: string, init?: RequestInit): Promise<{ status: number; body: T }> {
  const answer = await fetch(notifier.base + path, init);
  return { status: answer.status, body: (await answer.json()) as T };
}

const put = (body: object) =>
  ask<Record<string, unknown>>('/v1/sending', {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

type Ready = { readonly parts: Record<string, { ok: boolean; detail?: string }> };
const partOf = async (name: string) => (await ask<Ready>('/readyz')).body.parts[name];

type Run = {
  readonly runId: string;
  readonly revision: number;
  readonly state: string;
  readonly stateReason: string | null;
  readonly endedAt: string | null;
};
const runs = async () => (await ask<{ runs: Run[] }>('/v1/runs')).body.runs;

async function gauge(name: string, base = notifier.base): Promise<number> {
  const text = await (await fetch(`${base}/metrics`)).text();
  return Number(new RegExp(`^${name}\\{[^}]*\\} (\\S+)$`, 'm').exec(text)?.[1]);
}

const messages = () => lines.map((line) => (JSON.parse(line) as { message: string }).message);

describe('an SMSC that is away', () => {
  test('is told in /readyz, in the run that waits, and as gauges, and is one line in the log', async () => {
    await plan(own.db, outage());
    await until(() => messages().includes('SMPP link is down, will be opened again'), { describe: 'the refusal' });

    expect(await partOf('sending')).toEqual({
      ok: true,
      detail: expect.stringMatching(
        /^the SMPP link is down since 20.+Z: transceiver: ECONNREFUSED; contacts waiting: \d, open runs: 1$/,
      ),
    });
    expect(await partOf('desk')).toEqual({ ok: true, detail: 'SMPP link connecting' });
    expect(await runs()).toMatchObject([
      {
        state: 'open',
        stateReason: expect.stringMatching(/^the SMPP link is down since 20.+: transceiver: ECONNREFUSED/),
      },
    ]);
    expect((await ask('/v1/sending')).body).toMatchObject({
      isStopped: false,
      link: { isUp: false, problem: 'transceiver: ECONNREFUSED' },
      openRuns: 1,
      heldRuns: 0,
    });
    expect(await gauge('bijli_smpp_link_up')).toBe(0);
    expect(await gauge('bijli_notifier_contacts_waiting')).toBeGreaterThan(0);
    expect(await gauge('bijli_notifier_runs_open')).toBe(1);
    await until(async () => (await gauge('bijli_smpp_reconnects_total')) >= 3, { describe: 'three more tries' });
    expect(messages().filter((message) => message.includes('link is down'))).toHaveLength(1);
  });

  test('that comes gets what waited, and everything says so', async () => {
    smsc = await openCounterpartSmsc(smscPort);
    await until(async () => (await runs())[0]?.endedAt !== null, { describe: 'the run to end' });

    expect(messages()).toContain('SMPP link is bound');
    expect(await partOf('sending')).toEqual({ ok: true, detail: 'texts go out' });
    expect(await runs()).toMatchObject([{ state: 'complete', stateReason: null }]);
    expect(await gauge('bijli_smpp_link_up')).toBe(1);
    expect(await gauge('bijli_notifier_contacts_waiting')).toBe(0);
  });
});

describe('sending that somebody stopped', () => {
  test('is told with who, since when and why, wherever an operator looks', async () => {
    expect((await put({ isStopped: true, reason: 'night test', changedBy: 'shift-2' })).body).toMatchObject({
      isStopped: true,
      link: { isUp: true, problem: null },
    });
    await plan(own.db, outage({ aggregateId: '00000000-0000-7000-8000-0000000000bb' }));

    const words = /^sending is stopped since 20.+Z by shift-2: night test/;
    expect(await partOf('sending')).toEqual({ ok: true, detail: expect.stringMatching(words) });
    expect((await runs())[0]?.stateReason).toMatch(words);
    expect((await ask<Run>(`/v1/runs/${(await runs())[0]?.runId}`)).body.stateReason).toMatch(words);
    expect(await gauge('bijli_notifier_sending_stopped')).toBe(1);
    const line = lines.find((one) => one.includes('sending is stopped'));
    expect(line).toContain('"level":"warn"');
    expect(line).toContain('"changedBy":"shift-2","reason":"night test"');
  });

  test('goes on when it is resumed, and says that as well', async () => {
    await put({ isStopped: false, reason: 'test is over', changedBy: 'shift-2' });

    await until(async () => (await runs()).every(({ endedAt }) => endedAt !== null), { describe: 'the run to end' });
    expect(messages()).toContain('sending goes on');
    expect(await gauge('bijli_notifier_sending_stopped')).toBe(0);
  });

  test.each([
    ['a mobile number', ' 98765 01234 '],
    ['one in Devanagari digits', '९८७६५०१२३४'],
    ['one with a direction mark in it', '98765\u202A01234'],
    ['a character that nobody sees', 'shift\u202E2'],
    ['a control character', 'shift\n2'],
  ])('cannot be said with %s where a name or a reason belongs', async (_what, text) => {
    for (const fields of [
      { reason: text, changedBy: 'shift-2' },
      { reason: 'test', changedBy: text },
    ]) {
      const { status, body } = await put({ isStopped: true, ...fields });
      expect([status, body['code']]).toEqual([400, 'invalid-request']);
      expect(JSON.stringify(body)).not.toContain('01234');
    }
    const release = { method: 'POST', headers: { 'content-type': 'application/json' } };
    const body = JSON.stringify({ askedBy: text, reason: 'test' });
    expect((await ask(`/v1/runs/${(await runs())[0]?.runId}/release`, { ...release, body })).status).toBe(400);
    expect(await gauge('bijli_notifier_sending_stopped')).toBe(0);
  });
});

describe('runs behind each other', () => {
  test('say how many contacts go first; the first says nothing', async () => {
    await put({ isStopped: true, reason: 'so that both wait', changedBy: 'test' });
    const [first, second] = [outage(), outage()].map((event, n) => ({
      ...event,
      aggregateId: `00000000-0000-7000-8000-0000000000c${n}`,
    }));
    if (first === undefined || second === undefined) throw new Error('two outages are needed');
    await plan(own.db, first);
    await plan(own.db, second);

    const [last, before] = await runs();
    const ahead = await countAhead(own.db, [last?.runId ?? '', before?.runId ?? '']);
    const { body } = await ask<{ waitingContacts: number }>('/v1/sending');

    expect(ahead.get(before?.runId ?? '')).toBe(0);
    expect(ahead.get(last?.runId ?? '')).toBe(body.waitingContacts / 2);
    expect(body.waitingContacts).toBeGreaterThan(0);
  });
});

describe('a provider that throttles', () => {
  test('is a counter, and a line in the log within a second or two, and everybody is told in the end', async () => {
    const database = await notifierDatabase();
    await settle(database.db, HOMES);
    let throttled = 0;
    const throttling = await startRawSmsc({
      onSubmit: (connection, { sequence }) => {
        if (throttled < 5) {
          throttled += 1;
          connection.refuse(sequence, commandStatus.ESME_RTHROTTLED);
        } else connection.accept(sequence, `id-${sequence}`);
      },
    });
    const said: string[] = [];
    const { base, stop } = await startNotifier(database.url, throttling.port, said);
    await plan(database.db, outage());

    const line = await until(() => said.find((one) => one.includes('the provider throttles')), {
      describe: 'the line about throttling',
    });
    await until(async () => (await gauge('bijli_notifier_runs_open', base)) === 0, { describe: 'the run to end' });

    expect(line).toContain('"level":"warn"');
    expect(await gauge('bijli_smpp_throttled_total', base)).toBe(5);
    expect(await gauge('bijli_notifier_messages_accepted_total', base)).toBeGreaterThan(0);
    expect(said.filter((one) => one.includes('the provider throttles'))).toHaveLength(1);
    await stop();
    await throttling.close();
    await database.close();
  });
});
