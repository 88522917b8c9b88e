import { randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '@bijli/testing';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { tryExamples } from './api-examples.ts';
import { deadLetters, expectDeadLetters, waitingReasons } from './dead-letters.ts';
import { describeWithGo } from './go.ts';
import { goProgramTests } from './go-programs.ts';
import { expectTold } from './handsets.ts';
import { type HeardEvent, heardAs } from './heard-events.ts';
import { readCsv, type Row } from './independent/csv.ts';
import { type BrokenRecord, brokenRecords, type ForeignWriter, foreignWriter } from './independent/foreign-records.ts';
import { expectedTexts, type Filling } from './independent/texts.ts';
import { addressees, connectionsBelow } from './independent/town.ts';
import { produce, produceAmongBroken } from './produce-records.ts';
import { describeWithPython } from './python.ts';
import { type Ended, runCommand } from './run-command.ts';
import { call, filesBelow, type StartedSystem, startSystem } from './started-system.ts';

const repository = join(import.meta.dirname, '..');
const examples = join(repository, 'docs/examples');
const basePort = 19_400;
const billing = `http://127.0.0.1:${basePort + 3}`;
const schemas = `http://127.0.0.1:${basePort + 8}`;
const brokers = `127.0.0.1:${basePort + 11}`;
const HOUR_MS = 3_600_000;

let system: StartedSystem;
let network: Row[];
let connections: Row[];

beforeAll(async () => {
  system = await startSystem(basePort, { SIMULATOR_RECEIPT_DELAY_MS: '200' });
  network = readCsv(join(system.dataFolder, 'town/network.csv'));
  connections = readCsv(join(system.dataFolder, 'town/connections.csv'));
}, 300_000);
afterAll(() => system?.stop(), 120_000);

const feeder = (position: number): string =>
  network.filter((node) => node['kind'] === 'feeder').map((node) => node['code'] ?? '')[position] ?? '';

const heard = (eventId: string, outcome: HeardEvent['outcome']): Promise<HeardEvent> =>
  heardAs(system.outage, eventId, outcome);

async function takenOf(sourceId: string): Promise<object[]> {
  const url = `${system.outage}/v1/control-room-events?outcome=taken&limit=200&sourceId=${sourceId}`;
  return (await call<{ items: object[] }>('GET', url)).items;
}

/** What the ledger has under the number of a bill or payment. */
const entriesOf = async (reference = ''): Promise<object[]> =>
  (await call<{ items: object[] }>('GET', `${billing}/v1/entries?reference=${encodeURIComponent(reference)}`)).items;

describeWithPython('programs in Python', join(examples, 'requirements.txt'), (python) => {
  describe("a control room's", () => controlRoomTests(python));
  describe("a billing system's", () => billingTests(python));

  test.each([
    ['control-room/say_outage.py', 'restore', 'CR-1'],
    ['billing-system/feed_accounts.py', 'billing-system/accounts.csv'],
  ])('%s says in one sentence that there is no schema endpoint', async (program, ...args) => {
    const { code, errors } = await runCommand([python, program, ...args, '--schemas', 'http://127.0.0.1:1'], {
      cwd: examples,
    });

    expect(code).toBe(1);
    expect(errors).toMatch(/^no schema from http:\/\/127\.0\.0\.1:1: is Bijli Alert started\? \(\w+\)\n$/);
  });

  test('do what their README says, command by command', async () => {
    const commands = readFileSync(join(examples, 'README.md'), 'utf8').match(/^\$PYTHON .*$/gm) ?? [];
    expect(commands).toHaveLength(8);
    for (const command of commands) {
      const args = [...command.split(/ +/).slice(1), '--brokers', brokers, '--schemas', schemas];
      expect(await runCommand([python, ...args], { cwd: examples })).toMatchObject({ code: 0 });
    }

    for (const [id, events] of [
      ['CR-17', 4],
      ['CR-18', 2],
    ] as const)
      await until(async () => (await takenOf(id)).length === events, { describe: `${events} events of ${id}` });
  }, 120_000);
});

describeWithGo('programs in Go', join(examples, 'go'), (programs) =>
  goProgramTests(programs, {
    module: join(examples, 'go'),
    brokers,
    schemas,
    folder: () => system.dataFolder,
    feeder,
    heard,
    takenOf,
    entriesOf,
    deadLetters: () => waitingReasons(system, 'billing'),
  }),
);

function controlRoomTests(python: string): void {
  const id = `CR-${randomUUID()}`;
  let outageId: string;

  const say = async (...said: string[]): Promise<string> => {
    const at = ['--brokers', brokers, '--schemas', schemas];
    const { code, output, errors } = await runCommand([python, 'control-room/say_outage.py', ...said, ...at], {
      cwd: examples,
    });
    expect({ code, errors }).toMatchObject({ code: 0 });
    return output.trim();
  };
  const people = () => addressees(connectionsBelow(network, connections, feeder(4)));
  const outage = () => call<Record<string, string>>('GET', `${system.outage}/v1/outages/${outageId}`);
  const filling = async (family: Filling['family'], to: 'estimatedRestorationAt' | 'restoredAt'): Promise<Filling> => {
    const { cause = '', startsAt = '', [to]: until_ = '' } = await outage();
    return { family, cause, from: startsAt, to: until_ };
  };

  test('reports a cut, and everybody on the feeder is told', async () => {
    const since = new Date().toISOString();
    const eventId = await say('report', id, '--node', feeder(4), '--cause', 'transformer-fault', '--until', '+3h');
    const { taken } = await heard(eventId, 'taken');
    outageId = taken?.outageId ?? '';

    expect(taken?.traceId).toMatch(/^[0-9a-f]{32}$/);
    expect(people().length).toBeGreaterThan(100);
    await expectTold(
      system.simulator,
      since,
      expectedTexts(people(), await filling('unplanned', 'estimatedRestorationAt')),
    );
  }, 120_000);

  test('moves the time, and they are told again', async () => {
    const since = new Date().toISOString();
    await heard(await say('estimate', id, '--until', '+5h'), 'taken');

    await expectTold(
      system.simulator,
      since,
      expectedTexts(people(), await filling('estimate', 'estimatedRestorationAt')),
    );
  }, 120_000);

  test('restores supply, and they are told', async () => {
    const since = new Date().toISOString();
    await heard(await say('restore', id), 'taken');

    await expectTold(system.simulator, since, expectedTexts(people(), await filling('restored', 'restoredAt')));
  }, 120_000);

  test('announces planned work for tomorrow', async () => {
    const announced = ['--node', feeder(5), '--cause', 'maintenance', '--starts', '+24h', '--until', '+26h'];
    const { taken } = await heard(await say('announce', `CR-${randomUUID()}`, ...announced), 'taken');

    expect(await call('GET', `${system.outage}/v1/outages/${taken?.outageId}`)).toMatchObject({ kind: 'planned' });
  });

  test('is told which field broke which rule', async () => {
    const eventId = await say('report', `CR-${randomUUID()}`, '--node', 'F-0000', '--cause', 'storm');

    expect((await heard(eventId, 'refused')).refusals[0]?.errors).toMatchObject([
      { field: 'nodeIds.0', rule: 'unknown-node' },
    ]);
  });

  test('is refused by its own client when a record is larger than any may be', async () => {
    const oversize = [
      'from confluent_kafka import KafkaException, Producer',
      `producer = Producer({"bootstrap.servers": "${brokers}"})`,
      'try:',
      '    producer.produce("control-room.outage.v1", key="x", value=bytes(1_100_000))',
      'except KafkaException as error:',
      '    print(error.args[0].name())',
    ].join('\n');

    expect((await runCommand([python, '-c', oversize], { cwd: examples })).output.trim()).toBe('MSG_SIZE_TOO_LARGE');
  });
}

function billingTests(python: string): void {
  const sample = join(examples, 'billing-system/accounts.csv');
  const feed = (file: string): Promise<Ended> => {
    const at = ['--brokers', brokers, '--schemas', schemas];
    return runCommand([python, 'billing-system/feed_accounts.py', file, '--recent', ...at], { cwd: examples });
  };
  /** Mobile of the consumer, as the town's file has it. */
  const mobileOf = (account: string): string =>
    connections.find((row) => row['account_number'] === account)?.['mobile'] ?? '';
  /** What is owed after the file, in paise, account by account: bills less payments, without what was taken back. */
  const owed = (): Map<string, number> => {
    const rows = readCsv(sample);
    const takenBack = new Set(rows.filter(({ amount_rupees: amount }) => !amount).map(({ reference }) => reference));
    const sums = new Map<string, number>();
    for (const { what, account_number: account = '', reference, amount_rupees: amount = '' } of rows) {
      const paise = takenBack.has(reference) ? 0 : Math.round(Number(amount) * 100);
      sums.set(account, (sums.get(account) ?? 0) + (what === 'bill' ? paise : -paise));
    }
    return sums;
  };
  const outstanding = async (account: string): Promise<number> =>
    (await call<{ outstandingPaise: number }>('GET', `${billing}/v1/accounts/${account}`)).outstandingPaise;

  test('feeds its file, and the ledger says what the file says, to the paisa', async () => {
    expect(await feed(sample)).toMatchObject({ code: 0, output: '10 read, 0 refused, 10 delivered, 0 failed\n' });

    const rows = readCsv(sample);
    for (const { reference } of rows) {
      const meant = rows.filter((row) => row['reference'] === reference).length;
      const describe = `${meant} entries of ${reference}`;
      await until(async () => (await entriesOf(reference)).length === meant, { describe });
    }
    for (const [account, paise] of owed()) expect([account, await outstanding(account)]).toEqual([account, paise]);
  }, 120_000);

  test('and its people read it on their handsets', async () => {
    const texts = `${system.simulator}/v1/messages?to=${mobileOf('4100000005')}`;
    const isTold = ({ text }: { text: string }) =>
      /A\/c 0005: payment of Rs 500\.00 .* Outstanding Rs 480\.00/.test(text);
    await until(async () => (await call<{ messages: { text: string }[] }>('GET', texts)).messages.some(isTold), {
      describe: 'the payment to be told',
    });
  });

  test('feeds it again, and nothing happens twice', async () => {
    expect((await feed(sample)).code).toBe(0);
    const repeated = /^bijli_subscription_repeated_total\{[^}]*"account-feed"[^}]*\} (\d+)$/m;
    await until(async () => Number(repeated.exec(await (await fetch(`${billing}/metrics`)).text())?.[1]) >= 10, {
      describe: 'ten repeats',
    });

    for (const [account, paise] of owed()) expect(await outstanding(account)).toBe(paise);
  }, 120_000);

  test('refuses rows of its own that make no sense, naming row and column', async () => {
    const [header = ''] = readFileSync(sample, 'utf8').split('\n');
    const payment = 'payment,A-0003,4100000003,TXN';
    const rows = [
      'gift,A-0003,4100000003,B-1,10.00,2025-11-01T09:00:00+05:30,,',
      `${payment}-1,10.005,2025-11-01T09:00:00+05:30,,`,
      `${payment}-2,10.00,2025-11-01T09:00:00,,`,
      `${payment}-3,10.00,2025-11-12T09:00:00+05:30,,`,
    ];
    const file = join(system.dataFolder, 'mistaken.csv');
    writeFileSync(file, [header, ...rows].join('\n'));
    const ended = await feed(file);

    expect(ended.output).toBe('4 read, 3 refused, 1 delivered, 0 failed\n');
    expect(ended.code).toBe(1);
    for (const told of ['row 1 refused: what:', 'row 2 refused: amount_rupees:', 'row 3 refused: happened_at:'])
      expect(ended.errors).toContain(told);
  });
}

/** A number that exists nowhere else: wherever it shows, it leaked. */
const CANARY = '7310559285';
/** Topics, and the largest record of each (libs/events, topics). */
const fromControlRoom = { topic: 'control-room.outage.v1', maxOctets: 262_144 };
const fromBillingSystem = { topic: 'billing-system.account.v1', maxOctets: 65_536 };

const report = (given: object) => ({
  eventId: randomUUID(),
  type: 'OutageReported',
  occurredAt: Date.now(),
  aggregateId: `CR-${randomUUID()}`,
  version: 1,
  cause: 'storm',
  nodeIds: [],
  startsAt: null,
  estimatedRestorationAt: null,
  restoredAt: null,
  ...given,
});

const payment = (reference: string) => ({
  eventId: randomUUID(),
  type: 'PaymentReceived',
  occurredAt: Date.now(),
  aggregateId: `A-${randomUUID()}`,
  version: 1,
  accountNumber: connections[0]?.['account_number'],
  reference,
  amountPaise: 100,
  issuedOn: null,
  dueOn: null,
});

describe('records that cannot be taken', () => {
  let writer: ForeignWriter;
  let broken: BrokenRecord[];
  /** The change of an outage that nobody has reported yet. */
  const late = `CR-${randomUUID()}`;
  const estimate = { cause: null, estimatedRestorationAt: Date.now() + 4 * HOUR_MS };
  const change = report({ ...estimate, type: 'RestorationEstimateChanged', aggregateId: late });

  test("end as dead letters with their reasons, while other keys flow: the control room's", async () => {
    const { topic, maxOctets } = fromControlRoom;
    writer = await foreignWriter(schemas, topic);
    const { schemaId: foreignSchemaId } = await foreignWriter(schemas, fromBillingSystem.topic);
    broken = brokenRecords(writer, report({ nodeIds: [feeder(0)] }), { foreignSchemaId, maxOctets, number: CANARY });
    const before = (await waitingReasons(system, 'outage')).length;
    const transformers = network.filter((node) => node['kind'] === 'distribution-transformer');
    const good = broken.map((_each, n) => report({ nodeIds: [transformers[n]?.['code']] }));

    await produceAmongBroken(brokers, topic, { write: writer.write, broken, good });
    await produce(brokers, topic, [{ key: late, value: writer.write(change) }]);

    for (const { eventId } of good) await heard(eventId, 'taken');
    const reasons = [...broken.map(([, reason]) => reason), 'refused'];
    await expectDeadLetters(system, 'outage', { before, reasons });
    for (const { aggregateId } of good) expect(await takenOf(aggregateId)).toHaveLength(1);
  }, 180_000);

  test("and the billing system's", async () => {
    const { topic, maxOctets } = fromBillingSystem;
    const { schemaId, write } = await foreignWriter(schemas, topic);
    const aside = { foreignSchemaId: writer.schemaId, maxOctets, number: CANARY };
    const records = brokenRecords({ schemaId, write }, payment('BROKEN'), aside);
    const before = (await waitingReasons(system, 'billing')).length;
    const references = records.map((_each, n) => `GOOD-${n}`);

    await produceAmongBroken(brokers, topic, { write, broken: records, good: references.map(payment) });

    await expectDeadLetters(system, 'billing', { before, reasons: records.map(([, reason]) => reason) });
    for (const reference of references)
      await until(async () => (await entriesOf(reference)).length === 1, { describe: `the entry ${reference}` });
  }, 180_000);

  test('are shown, tried, replayed and discarded on somebody’s word, and that is written down', async () => {
    const { refusals } = await heard(change.eventId, 'refused');
    const id = refusals[0]?.deadLetterId ?? '';
    const one = ['--service', 'outage', '--id', id] as const;
    const shown = await deadLetters(system, 'show', ...one);
    expect(shown.output).toContain('refused: aggregateId: no-such-outage');
    expect(shown.output).toContain(`"eventId": "${change.eventId}"`);
    expect(shown.output).toContain('decisions: none');

    const dry = await deadLetters(system, 'replay', ...one, '--who', 'asha', '--dry-run');
    expect([dry.code, dry.output]).toEqual([0, expect.stringContaining('1 would be replayed')]);
    expect((await heard(change.eventId, 'refused')).refusals).toMatchObject([{ state: 'waiting', deaths: 1 }]);

    // The cause of the refusal goes: the outage is reported after all.
    const reported = report({ aggregateId: late, nodeIds: [feeder(1)] });
    await produce(brokers, fromControlRoom.topic, [{ key: late, value: writer.write(reported) }]);
    await heard(reported.eventId, 'taken');
    expect(await deadLetters(system, 'replay', ...one, '--who', 'asha')).toMatchObject({ code: 0 });
    expect((await heard(change.eventId, 'taken')).refusals).toMatchObject([{ state: 'replayed' }]);
    expect((await deadLetters(system, 'show', ...one)).output).toMatch(/decisions\n {4}\S+ replay by asha/);
    expect((await deadLetters(system, 'replay', ...one, '--who', 'ravi')).code).toBe(1);
  }, 180_000);

  test('are counted by reason where they are many, and listed when somebody says which or how many', async () => {
    const { output: counted } = await deadLetters(system);
    const { output: some } = await deadLetters(
      system,
      'list',
      '--reason',
      'malformed',
      '--since',
      '1h',
      '--limit',
      '1',
    );

    expect(counted).toMatch(/^ +\d+ {2}outage control-room {2}[a-z-]+ {2}died (at|from) /m);
    expect(counted).toMatch(/^ +\d+ {2}billing account-feed {2}[a-z-]+ {2}died (at|from) /m);
    expect(counted).toMatch(/^Dead letters waiting: \d\d \(--limit N lists them/m);
    expect(some.match(/^\S+ \d+ {2}malformed: /gm)).toHaveLength(1);
    expect(some).toMatch(/^Dead letters waiting: \d+, 1 of them are listed above$/m);
    expect((await deadLetters(system, 'list', '--since', 'tomorrow')).code).toBe(1);
  });

  test('hold no number in the open: not shown, not kept, not replayed, only discarded', async () => {
    const { output } = await deadLetters(system, 'list', '--service', 'outage', '--limit', '1000');
    const masked = [...output.matchAll(/^outage (\d+) {2}(?:(?!^outage)[\s\S])*?held a number/gm)].map(
      ([, id = '']) => id,
    );
    expect(masked).toHaveLength(
      broken.filter(([what]) => what.includes('a number') && !what.includes('header')).length,
    );
    for (const id of masked) {
      const { output: shown } = await deadLetters(system, 'show', '--service', 'outage', '--id', id);
      expect(shown).toContain('cannot be read');
      expect(shown).not.toContain(CANARY);
    }
    const [first = ''] = masked;
    const one = ['--service', 'outage', '--id', first, '--who', 'asha'] as const;
    expect((await deadLetters(system, 'replay', ...one)).output).toContain('1 left alone: masked');
    expect((await deadLetters(system, 'discard', ...one)).output).toContain('1 discarded');

    // Kafka's log of their topics is their doing. Nothing else has it.
    const found = filesBelow(system.dataFolder).filter(({ bytes }) => bytes.includes(CANARY));
    const inKafka = ({ path }: { path: string }) =>
      [fromControlRoom, fromBillingSystem].some(({ topic }) => path.includes(`/${topic}-`));
    expect(found.filter((file) => !inKafka(file)).map(({ path }) => path)).toEqual([]);
    expect(found.filter(inKafka).length).toBeGreaterThan(0);
    expect(filesBelow(join(system.dataFolder, 'postgres')).length).toBeGreaterThan(100);
    expect(readFileSync(join(system.dataFolder, 'logs/outage.log'), 'utf8')).toContain('record is a dead letter');
  }, 180_000);
});

describe('the API pages', () => {
  test('have examples that the town takes as they stand', async () => {
    const services = [system.registry, system.outage, billing, `http://127.0.0.1:${basePort + 4}`, system.notifier];
    const tried = (await Promise.all([...services, system.simulator].map(tryExamples))).flat();

    expect(tried.filter(({ status }) => status !== 200 && status !== 201)).toEqual([]);
    expect(tried.map(({ operation }) => operation)).toEqual(
      expect.arrayContaining([
        'changeMobileNumber',
        'reportOutage',
        'announcePlannedOutage',
        'draftPlannedWork',
        'enterBill',
        'enterPayment',
        'reversePayment',
        'cancelBill',
        'enterAccountEvents',
        'lodgeComplaint',
        'changeSending',
      ]),
    );
  }, 60_000);
});
