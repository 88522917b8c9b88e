import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '@bijli/testing';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { readCsv, type Row } from './independent/csv.ts';
import { readSubmit, type SubmittedPart, shownTexts } from './independent/pdus.ts';
import { type ExpectedText, expectedTexts, type Filling } from './independent/texts.ts';
import { addressees, connectionsBelow } from './independent/town.ts';
import { call, filesBelow, type StartedSystem, startSystem } from './started-system.ts';

/** A run as GET /v1/runs shows it. */
type Run = {
  readonly runId: string;
  readonly revision: number;
  readonly kind: string;
  readonly state: string;
  readonly endedAt: string | null;
  readonly traceId: string;
  readonly counts: {
    audience: number;
    pending: number;
    accepted: number;
    rejected: number;
    inDoubt: number;
    superseded: number;
    stale: number;
    coalesced: number;
    skipped: Record<string, number>;
    parts: { accepted: number; delivered: number; failed: number; awaited: number };
  };
};

const HOUR_MS = 3_600_000;
const basePort = 19_300;
const billing = `http://127.0.0.1:${basePort + 3}`;
const complaint = `http://127.0.0.1:${basePort + 4}`;

let system: StartedSystem;
let network: Row[];
let connections: Row[];

beforeAll(async () => {
  system = await startSystem(basePort, { SIMULATOR_RECEIPT_DELAY_MS: '200', UNDO_SECONDS: '0' });
  network = readCsv(join(system.dataFolder, 'town/network.csv'));
  connections = readCsv(join(system.dataFolder, 'town/connections.csv'));
}, 300_000);
afterAll(() => system?.stop(), 120_000);

/** Everything that the SMSC was given, in order of arrival, read by the independent decoder. */
function submitted(): SubmittedPart[] {
  return readFileSync(join(system.dataFolder, 'sms-simulator/pdus.jsonl'), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as { direction: string; pdu: string })
    .filter(({ direction }) => direction === 'in')
    .map(({ pdu }) => readSubmit(Buffer.from(pdu, 'hex')))
    .filter((part) => part !== null);
}

/** The feeders of the town, largest first. */
function feeders(): string[] {
  const codes = network.filter((node) => node['kind'] === 'feeder').map((node) => node['code'] ?? '');
  const size = (code: string) => connectionsBelow(network, connections, code).length;
  return codes.sort((a, b) => size(b) - size(a));
}

async function ended(outageId: string, revision: number): Promise<Run> {
  return until(
    async () => {
      const { runs } = await call<{ runs: Run[] }>('GET', `${system.notifier}/v1/runs?outageId=${outageId}`);
      return runs.find((run) => run.revision === revision && run.endedAt !== null && run.counts.parts.awaited === 0);
    },
    { deadlineMs: 60_000, describe: `run ${revision} of the outage to end with all its receipts` },
  );
}

/** What one step told, against what the independent script says. */
async function expectTold(before: number, expected: readonly ExpectedText[], run: Run): Promise<void> {
  const parts = submitted().slice(before);
  const shown = shownTexts(parts);
  const byMobile = (a: { mobile: string }, b: { mobile: string }) => (a.mobile < b.mobile ? -1 : 1);

  expect(shown.sort(byMobile)).toEqual([...expected].sort(byMobile));
  expect(new Set(shown.map((text) => text.mobile)).size).toBe(shown.length);

  const { counts } = run;
  const skipped = Object.values(counts.skipped).reduce((sum, n) => sum + n, 0);
  expect(counts.pending).toBe(0);
  expect(
    counts.accepted + counts.rejected + counts.inDoubt + counts.superseded + counts.stale + counts.coalesced + skipped,
  ).toBe(counts.audience);
  expect(counts.accepted).toBe(shown.length);
  expect(counts.parts).toEqual({
    accepted: parts.length,
    delivered: parts.length,
    failed: 0,
    other: {},
    awaited: 0,
    unknown: 0,
  });
}

describe('planned work on a feeder', () => {
  test('is told to everybody who hangs on it, before it begins, with cause and return time', async () => {
    const [feeder = ''] = feeders();
    const startsAt = new Date(Math.ceil(Date.now() / HOUR_MS) * HOUR_MS + 20 * HOUR_MS).toISOString();
    const endsAt = new Date(Date.parse(startsAt) + 2 * HOUR_MS).toISOString();
    const below = connectionsBelow(network, connections, feeder);
    const before = submitted().length;

    const { id } = await call<{ id: string }>('POST', `${system.outage}/v1/planned-outages`, {
      nodeIds: [feeder],
      cause: 'line-repair',
      startsAt,
      endsAt,
    });

    const run = await ended(id, 1);
    const day = (iso: string) => new Date(Date.parse(iso) + 5.5 * HOUR_MS).toISOString().slice(0, 10);
    const family = day(startsAt) === day(endsAt) ? 'planned.same-day' : 'planned.multi-day';
    expect(run.counts.audience).toBe(below.length);
    await expectTold(
      before,
      expectedTexts(addressees(below), { family, cause: 'line-repair', from: startsAt, to: endsAt }),
      run,
    );
  });
});

describe('a cut on a feeder', () => {
  let feeder: string;
  let below: Row[];
  let outageId: string;
  let told: Filling;

  test('is told to every mobile once, in its language, with cause and return time', async () => {
    feeder = feeders()[1] ?? '';
    below = connectionsBelow(network, connections, feeder);
    told = {
      family: 'unplanned',
      cause: 'transformer-fault',
      from: new Date().toISOString(),
      to: new Date(Date.now() + 3 * HOUR_MS).toISOString(),
    };
    const before = submitted().length;

    ({ id: outageId } = await call<{ id: string }>('POST', `${system.outage}/v1/outages`, {
      nodeIds: [feeder],
      cause: told.cause,
      estimatedRestorationAt: told.to,
    }));

    const run = await ended(outageId, 1);
    expect(run.counts.audience).toBe(below.length);
    await expectTold(before, expectedTexts(addressees(below), told), run);
  }, 90_000);

  test('whose return time moves is told again, to those who were told', async () => {
    const to = new Date(Date.parse(told.to) + 2 * HOUR_MS).toISOString();
    const before = submitted().length;

    await call('PUT', `${system.outage}/v1/outages/${outageId}/restoration-estimate`, { estimatedRestorationAt: to });

    await expectTold(
      before,
      expectedTexts(addressees(below), { ...told, family: 'estimate', to }),
      await ended(outageId, 2),
    );
  }, 90_000);

  test('that ends is told to those who were told', async () => {
    const before = submitted().length;

    const { restoredAt } = await call<{ restoredAt: string }>(
      'POST',
      `${system.outage}/v1/outages/${outageId}/restoration`,
      {},
    );

    await expectTold(
      before,
      expectedTexts(addressees(below), { ...told, family: 'restored', to: restoredAt }),
      await ended(outageId, 3),
    );
  }, 90_000);
});

describe('the trace of a cut', () => {
  test('is one, from the request over both services to the receipts, with a span per chunk and none per recipient', async () => {
    const feeder = feeders()[2] ?? '';
    const people = addressees(connectionsBelow(network, connections, feeder));

    const { id } = await call<{ id: string }>('POST', `${system.outage}/v1/outages`, {
      nodeIds: [feeder],
      cause: 'storm',
    });
    const run = await ended(id, 1);

    const wanted = [
      'POST /v1/outages',
      'outage.outage.v1 publish',
      'notifier.outages process',
      'plan run',
      'chunk',
      'submit',
      'receipts',
    ];
    const spans = await until(
      () => {
        const found = spansOf(run.traceId);
        return wanted.every((name) => found.some((span) => span.name === name)) ? found : null;
      },
      {
        describe: () =>
          `spans ${wanted.join(', ')}; seen: ${[...new Set(spansOf(run.traceId).map((span) => span.name))].join(', ')}`,
      },
    );

    const serviceOf = (name: string) => new Set(spans.filter((span) => span.name === name).map((span) => span.service));
    expect(serviceOf('POST /v1/outages')).toEqual(new Set(['outage']));
    expect(serviceOf('outage.outage.v1 publish')).toEqual(new Set(['outage']));
    for (const name of ['notifier.outages process', 'plan run', 'chunk', 'submit', 'receipts'])
      expect(serviceOf(name)).toEqual(new Set(['notifier']));
    const chunks = spans.filter((span) => span.name === 'chunk').map((span) => span.attributes['bijli.chunk']);
    expect(new Set(chunks).size).toBe(chunks.length);
    expect(people.length).toBeGreaterThan(100);
    expect(spans.filter((span) => ['chunk', 'submit', 'receipts'].includes(span.name)).length).toBeLessThan(
      people.length / 4,
    );
    for (const span of spans)
      expect(span.parentSpanId === '' || spans.some((other) => other.spanId === span.parentSpanId)).toBe(true);
  }, 90_000);
});

type Span = {
  readonly service: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly name: string;
  readonly attributes: Record<string, unknown>;
};

function spansOf(traceId: string): Span[] {
  return filesBelow(join(system.dataFolder, 'traces'))
    .flatMap(({ bytes }) => bytes.toString().split('\n'))
    .filter((line) => line.includes(traceId))
    .map((line) => JSON.parse(line) as Span);
}

/** A number that exists nowhere else: wherever it shows, it leaked. */
const CANARY = '7310559284';

describe('a number changed through the API', () => {
  let account: string;
  let feeder: string;
  const errorBodies: string[] = [];

  test('is used by the next run, in place of the old one', async () => {
    feeder = feeders()[3] ?? '';
    const below = connectionsBelow(network, connections, feeder);
    const alone = addressees(below).find((person) => person.account !== null);
    account = alone?.account ?? '';
    const heardBefore = await connectionsHeard();
    await call('PUT', `${system.registry}/v1/connections/${account}/contacts/1/mobile-number`, {
      mobileNumber: `+91 ${CANARY}`,
      source: 'je',
      changedBy: 'je-17',
    });
    const changed = below.map((row) => (row['account_number'] === account ? { ...row, mobile: CANARY } : row));
    await until(async () => (await connectionsHeard()) > heardBefore, {
      describe: 'the notifier to have heard of the change',
    });
    const before = submitted().length;
    const to = new Date(Date.now() + 2 * HOUR_MS).toISOString();

    const { id } = await call<{ id: string }>('POST', `${system.outage}/v1/outages`, {
      nodeIds: [feeder],
      cause: 'cable-fault',
      estimatedRestorationAt: to,
    });

    const expected = expectedTexts(addressees(changed), { family: 'unplanned', cause: 'cable-fault', from: to, to });
    expect(expected.filter(({ mobile }) => mobile === CANARY)).toHaveLength(1);
    await expectTold(before, expected, await ended(id, 1));
  }, 120_000);

  test('appears in no log, topic, trace, error body or dead letter, of an outage, a bill or a complaint', async () => {
    await tellTheCanary(account);
    for (const [method, url, body] of mistakesWithTheCanary(account)) {
      const answer = await fetch(url, {
        method,
        headers: { 'content-type': 'application/json' },
        ...(body === null ? {} : { body }),
      });
      expect(answer.status).toBeGreaterThanOrEqual(400);
      errorBodies.push(await answer.text());
    }

    for (const body of errorBodies) expect(spellings(CANARY).filter((spelling) => body.includes(spelling))).toEqual([]);
    await spoilConnectionOfTheCanary();
    for (const part of ['kafka', 'postgres', 'logs', 'traces'])
      expect(searched().some(({ path }) => path.startsWith(join(system.dataFolder, part)))).toBe(true);
    expect(leaks()).toEqual([]);
    // The search finds what is there: the handset's own log has the number, and a planted file is found.
    expect(submitted().some(({ mobile }) => mobile === CANARY)).toBe(true);
    const planted = join(system.dataFolder, 'logs/planted.log');
    writeFileSync(planted, `told ${CANARY}\n`);
    expect(leaks()).toEqual([planted]);
  });
});

/** The simulator's folder is the handset itself; everything else that the system wrote is searched, Kafka's and PostgreSQL's files too. */
function searched(): ReturnType<typeof filesBelow> {
  return filesBelow(system.dataFolder).filter(({ path }) => !path.includes('sms-simulator'));
}

function leaks(): string[] {
  return searched()
    .filter(({ bytes }) => spellings(CANARY).some((spelling) => bytes.includes(spelling)))
    .map(({ path }) => path);
}

/** Publishes the canary's connection once more, cut short: the notifier makes a dead letter of what it cannot read. */
async function spoilConnectionOfTheCanary(): Promise<void> {
  const role = 'consumer_registry_app';
  const password = readFileSync(join(system.dataFolder, `secrets/${role}-password`), 'utf8');
  const registry = new pg.Client(`postgres://${role}:${password}@127.0.0.1:${system.basePort + 10}/consumer_registry`);
  await registry.connect();
  const { rowCount } = await registry.query(
    `update outbox set payload = substring(payload for octet_length(payload) - 5), published_at = null
      where id = (select max(id) from outbox where topic = 'consumer-registry.connection.v1')`,
  );
  await registry.end();
  expect(rowCount).toBe(1);
  const waiting = /^bijli_dead_letters_waiting\{[^}]*"audience"[^}]*\} 1$/m;
  await until(async () => waiting.test(await (await fetch(`${system.notifier}/metrics`)).text()), {
    describe: 'the dead letter',
  });
}

/** Lets billing and complaint tell the canary too, so that every service had it in hand. */
async function tellTheCanary(accountNumber: string): Promise<void> {
  const day = (ms: number) => new Date(Date.now() + ms).toISOString().slice(0, 10);
  const bill = {
    accountNumber,
    reference: 'CANARY-1',
    amountPaise: 145_050,
    issuedOn: day(0),
    dueOn: day(20 * 24 * HOUR_MS),
  };
  await call('POST', `${billing}/v1/bills`, bill);
  await call('POST', `${complaint}/v1/complaints`, { accountNumber, kind: 'low-voltage' });
  await until(
    () =>
      ['1450.50', 'CMP-'].every((word) =>
        submitted().some(({ mobile, text }) => mobile === CANARY && text.includes(word)),
      ),
    { describe: 'the canary to be told of its bill and its complaint' },
  );
}

/** Requests that are refused, each with the canary in another place. */
function mistakesWithTheCanary(account: string): [method: string, url: string, body: string | null][] {
  const contact = `${system.registry}/v1/connections/${account}/contacts/1/mobile-number`;
  return [
    ['PUT', contact, JSON.stringify({ mobileNumber: `${CANARY}9`, source: 'je', changedBy: 'je-17' })],
    ['PUT', contact, JSON.stringify({ mobileNumber: CANARY, source: CANARY, changedBy: 'je-17' })],
    ['PUT', contact, JSON.stringify({ mobileNumber: CANARY, source: 'je', changedBy: 'je-17', [CANARY]: 1 })],
    ['PUT', contact, `{"mobileNumber": ${CANARY},`],
    ['GET', `${system.registry}/v1/connections/${CANARY}`, null],
    ['GET', `${system.registry}/v1/connections/${account}?mobile=${CANARY}`, null],
    ['GET', `${system.notifier}/v1/runs?outageId=${CANARY}`, null],
    ['POST', `${system.outage}/v1/outages`, JSON.stringify({ nodeIds: [CANARY], cause: 'storm' })],
    ['GET', `${system.outage}/v1/outages/${CANARY}`, null],
    ['GET', `${system.notifier}/${CANARY}`, null],
    ['GET', `${billing}/v1/accounts/${CANARY}`, null],
    ['POST', `${billing}/v1/bills`, JSON.stringify({ accountNumber: CANARY, reference: CANARY, amountPaise: -1 })],
    ['POST', `${billing}/v1/payments`, JSON.stringify({ accountNumber: CANARY, reference: CANARY, amountPaise: 1 })],
    ['POST', `${billing}/v1/payments/${CANARY}/reversal`, JSON.stringify({ accountNumber: CANARY })],
    ['POST', `${complaint}/v1/complaints`, JSON.stringify({ accountNumber: CANARY, kind: 'no-supply' })],
    ['POST', `${complaint}/v1/complaints`, JSON.stringify({ accountNumber: account, kind: CANARY })],
    ['GET', `${complaint}/v1/complaints/${CANARY}`, null],
    ['GET', `${system.notifier}/v1/messages?connectionId=${CANARY}`, null],
  ];
}

/** Ways in which a number could be written down. */
function spellings(number: string): string[] {
  const devanagari = [...number].map((digit) => String.fromCharCode(0x0966 + Number(digit))).join('');
  const base64 = [0, 1, 2].map((shift) =>
    Buffer.from(`${'x'.repeat(shift)}${number}`)
      .toString('base64')
      .slice(shift === 0 ? 0 : 4, 12),
  );
  return [
    number,
    `${number.slice(0, 5)} ${number.slice(5)}`,
    devanagari,
    Buffer.from(number, 'utf16le').toString('latin1'),
    Buffer.from(number).toString('hex'),
    ...base64,
  ];
}

/** How many states of connections the notifier has taken over. */
async function connectionsHeard(): Promise<number> {
  const metrics = await (await fetch(`${system.notifier}/metrics`)).text();
  return Number(/^bijli_subscription_applied_total\{[^}]*"audience"[^}]*\} (\d+)$/m.exec(metrics)?.[1]);
}
