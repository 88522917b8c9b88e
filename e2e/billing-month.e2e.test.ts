import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openKafka } from '@bijli/kafka';
import { openProducer, type RecordProducer } from '@bijli/kafka/produce';
import { until } from '@bijli/testing';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type BillingLine, distinct, expectedBillTexts, outstandingAfter } from './independent/bills.ts';
import { readCsv, type Row } from './independent/csv.ts';
import { type ForeignWriter, foreignWriter } from './independent/foreign-records.ts';
import { readSubmit, type SubmittedPart, shownTexts } from './independent/pdus.ts';
import { call, type StartedSystem, startSystem } from './started-system.ts';

// A billing month in small: what the billing system says on Kafka, against a sum of its own file. `npm run bench-billing-month` is the
// long form, of a district.

const basePort = 19_800;
const DAY_MS = 24 * 3_600_000;
const TOPIC = 'billing-system.account.v1';
const ACCOUNTS = 1_200;

let system: StartedSystem;
let connections: Row[];
let writer: ForeignWriter;
let producer: RecordProducer;
let accounts: string[];
let billed: BillingLine[];
const billing = `http://127.0.0.1:${basePort + 3}`;
const civilDate = (at: number) => new Date(at + 5.5 * 3_600_000).toISOString().slice(0, 10);
const issuedOn = civilDate(Date.now());
const dueOn = civilDate(Date.now() + 15 * DAY_MS);

beforeAll(async () => {
  system = await startSystem(basePort, { SMPP_RATE_PARTS_PER_SECOND: '5000' });
  connections = readCsv(join(system.dataFolder, 'town/connections.csv'));
  accounts = connections.slice(0, ACCOUNTS).map((row) => row['account_number'] ?? '');
  writer = await foreignWriter(`http://127.0.0.1:${basePort + 8}`, TOPIC);
  const silent = { debug() {}, info() {}, warn() {}, error() {} };
  producer = await openProducer(
    openKafka({ clientId: 'billing-system', brokers: [`127.0.0.1:${basePort + 11}`], log: silent }),
  );
}, 300_000);
afterAll(async () => {
  await producer?.close();
  await system?.stop();
}, 120_000);

/** Says lines of a file, as the billing system does: keyed by its own id of the account. The same line is the same event. */
async function say(lines: readonly BillingLine[]): Promise<void> {
  const records = lines.map((line) => ({
    topic: TOPIC,
    key: `BS-${line.account}`,
    value: writer.write(eventOf(line)),
    headers: {},
  }));
  await producer.send(records);
}

function eventOf({ type, account, reference, paise }: BillingLine): object {
  const isBill = type === 'BillGenerated';
  return {
    eventId: eventIdOf(`${type} ${account} ${reference}`),
    type,
    occurredAt: Date.parse(`${issuedOn}T00:00:00Z`) - DAY_MS,
    aggregateId: `BS-${account}`,
    version: 1,
    accountNumber: account,
    reference,
    amountPaise: paise,
    issuedOn: isBill ? issuedOn : null,
    dueOn: isBill ? dueOn : null,
  };
}

/** One id for each thing that happened. */
const ids = new Map<string, string>();
function eventIdOf(what: string): string {
  const known = ids.get(what) ?? crypto.randomUUID();
  ids.set(what, known);
  return known;
}

async function entriesOf(
  account: string,
): Promise<{ outstandingPaise: number; version: number; references: string[] }> {
  const { outstandingPaise, version, latestEntries } = await call<{
    outstandingPaise: number;
    version: number;
    latestEntries: { type: string; reference: string }[];
  }>('GET', `${billing}/v1/accounts/${account}`);
  return {
    outstandingPaise,
    version,
    references: latestEntries.map(({ type, reference }) => `${type} ${reference}`).sort(),
  };
}

/** Everything that the SMSC was given, read by the independent decoder. */
function shown() {
  const parts = readFileSync(join(system.dataFolder, 'sms-simulator/pdus.jsonl'), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as { direction: string; pdu: string })
    .filter(({ direction }) => direction === 'in')
    .map(({ pdu }) => readSubmit(Buffer.from(pdu, 'hex')))
    .filter((part): part is SubmittedPart => part !== null);
  return shownTexts(parts);
}

/** Waits until the ledgers hold so many entries and everything that is to be told was told. */
async function settled(entries: number): Promise<void> {
  await until(async () => (await counter(billing, 'applied_total')) >= entries && (await runsAreOver()), {
    deadlineMs: 120_000,
    describe: `${entries} events to be entered and told`,
  });
}

async function counter(service: string, name: string): Promise<number> {
  const metrics = await (await fetch(`${service}/metrics`)).text();
  return metrics
    .split('\n')
    .filter((line) => line.includes(name) && line.includes('account') && !line.startsWith('#'))
    .reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
}

async function runsAreOver(): Promise<boolean> {
  const { runs } = await call<{ runs: { endedAt: string | null }[] }>(
    'GET',
    `${system.notifier}/v1/runs?state=open&limit=1`,
  );
  return runs.length === 0;
}

/** A fixed way to be without order. */
function shuffled<T>(things: readonly T[]): T[] {
  let seed = 20_261_124;
  const random = () => (seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648) / 2_147_483_648;
  return things
    .map((thing) => ({ thing, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ thing }) => thing);
}

describe('a billing month', () => {
  test('of bills: each text has the amount of the file, to the paisa, and goes to whoever can be told', async () => {
    billed = accounts.map((account, n) => ({
      type: 'BillGenerated',
      account,
      reference: `B1-${account}`,
      paise: 100 + n * 1_237,
    }));

    await say(billed);

    await settled(ACCOUNTS);
    const byText = (a: { mobile: string; text: string }, b: { mobile: string; text: string }) =>
      `${a.mobile}${a.text}` < `${b.mobile}${b.text}` ? -1 : 1;
    const expected = expectedBillTexts(billed, connections, dueOn).sort(byText);
    const told = await until(() => (shown().length >= expected.length ? shown() : undefined), {
      describe: `${expected.length} texts`,
      deadlineMs: 60_000,
    });
    expect(told.sort(byText)).toEqual(expected);
  }, 200_000);

  test('of payments, reversals and cancellations, shuffled and told three times: the ledger of the file, and no second text', async () => {
    const month = accounts.flatMap((account, n): BillingLine[] => [
      // The second bill comes after its payment as often as before it.
      { type: 'BillGenerated', account, reference: `B2-${account}`, paise: 20_000 + n },
      { type: 'PaymentReceived', account, reference: `P1-${account}`, paise: 5_000 + n },
      ...(n % 2 === 0
        ? [{ type: 'PaymentReceived', account, reference: `P2-${account}`, paise: 700_000 + n } as const]
        : []),
      ...(n % 5 === 0 ? [{ type: 'PaymentReversed', account, reference: `P1-${account}`, paise: null } as const] : []),
      ...(n % 7 === 0 ? [{ type: 'BillCancelled', account, reference: `B2-${account}`, paise: null } as const] : []),
    ]);
    const before = shown().length;

    await say(shuffled([...month, ...month, ...month]));

    await until(async () => (await counter(billing, 'repeated_total')) >= 2 * month.length, {
      deadlineMs: 120_000,
      describe: 'every repeat to be seen',
    });
    await settled(ACCOUNTS + month.length);
    const everything = [...billed, ...month];
    const sums = outstandingAfter(everything);
    const byAccount = Map.groupBy(distinct(everything), ({ account }) => account);
    for (const account of accounts) {
      const lines = byAccount.get(account) ?? [];
      expect(await entriesOf(account)).toEqual({
        outstandingPaise: sums.get(account),
        version: lines.length,
        references: lines.map(({ type, reference }) => `${type} ${reference}`).sort(),
      });
    }
    const texts = shown()
      .slice(before)
      .map(({ mobile, text }) => `${mobile} ${text}`);
    expect(texts.length).toBeGreaterThan(ACCOUNTS / 2);
    expect(texts.length - new Set(texts).size).toBe(0);
    expect(await (await fetch(`${billing}/v1/waiting-events`)).json()).toMatchObject({ items: [] });
  }, 300_000);
});
