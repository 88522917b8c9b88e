// `npm run bench-billing-month -- connections.csv`, while `npm start` runs with these connections imported: one bill for each of them, from
// a file through Kafka to a text in the notifier's ledger, each to the paisa. Goal G13: 462,000 in 60 s. Sending is stopped meanwhile: how
// long it takes is the carrier's contract.
import { createReadStream } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { openKafka } from '@bijli/kafka';
import { openProducer } from '@bijli/kafka/produce';
import pg from 'pg';
import { foreignWriter } from '@bijli/e2e/independent/foreign-records';
import { readStartSettings, type StartSettings } from '@bijli/start/settings';
import { servicesOf, watchMemory } from './processes.ts';

const GOAL = { goal: 'G13', target: 60, unit: 's', bills: 462_000, rssMegabytes: 300 };
const TOPIC = 'billing-system.account.v1';
const BATCH = 1_000;
const LOOK_EVERY_MS = 250;
/** Connections that an import refuses at most; while more bills are missing nobody is asked whether they wait. */
const MOST_WAITING = 5_000;
const GIVE_UP_AFTER_MS = 600_000;
const DAY_MS = 24 * 3_600_000;

const [connectionsFile] = process.argv.slice(2);
if (connectionsFile === undefined) throw new Error('npm run bench-billing-month -- connections.csv');
const settings = readStartSettings(process.env, []);
const folder = await mkdtemp(join(tmpdir(), 'bijli-bench-'));
try {
  await setSending(settings, true);
  const result = await measure(settings, await writeBills(connectionsFile, join(folder, 'bills.csv')));
  console.log(JSON.stringify(result, undefined, 2));
  process.exitCode = result.goals.every(({ met }) => met) ? 0 : 1;
} finally {
  await setSending(settings, false);
  await rm(folder, { recursive: true });
}

/** A file of one bill for each account: account number, bill number, paise. */
async function writeBills(connections: string, path: string) {
  const month = Date.now().toString(36).toUpperCase();
  const [, ...lines] = (await readFile(connections, 'utf8')).split(/\r?\n/).filter((line) => line !== '');
  const bills = lines.map(
    (line, n) => `${line.slice(0, line.indexOf(','))},${month}-${n},${10_000 + ((n * 7_919) % 500_000)}`,
  );
  await writeFile(path, `${bills.join('\n')}\n`);
  const amounts = new Map(bills.map((bill) => bill.split(',').slice(1) as [string, string]));
  return { path, month, count: bills.length, amounts };
}

async function measure(of: StartSettings, bills: Awaited<ReturnType<typeof writeBills>>) {
  const notifier = await openNotifier(of);
  const waitedBefore = await waitingIn(of);
  const memory = watchMemory(servicesOf(of.dataFolder));
  const began = performance.now();
  const since = new Date();
  const fed = await feed(of, bills.path).then(() => (performance.now() - began) / 1_000);
  // A bill of a connection that the import refused waits for it in billing, and is told to nobody.
  let missing = bills.count;
  for (const deadline = began + GIVE_UP_AFTER_MS; missing > 0; ) {
    missing = bills.count - (await plannedSince(notifier, since));
    if (missing <= 0 || (missing <= MOST_WAITING && missing <= (await waitingIn(of)) - waitedBefore)) break;
    if (performance.now() > deadline) throw new Error(`${missing} of ${bills.count} bills did not arrive`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
  const seconds = (performance.now() - began) / 1_000;
  const most = Object.fromEntries([...memory.stop()].map(([name, rss]) => [name, Math.round(rss)]));
  const told = await amountsToldOf(notifier, bills.month);
  const waiting = (await waitingIn(of)) - waitedBefore;
  await notifier.end();
  const isExact =
    told.size + waiting === bills.count && [...told].every(([bill, paise]) => bills.amounts.get(bill) === paise);
  const met =
    isExact &&
    seconds <= GOAL.target * (bills.count / GOAL.bills) &&
    Math.max(...Object.values(most)) <= GOAL.rssMegabytes;
  return {
    goals: [
      {
        ...GOAL,
        bills: bills.count,
        value: Number(seconds.toFixed(1)),
        fedWithin: Number(fed.toFixed(1)),
        isExact,
        met,
      },
    ],
    bills: { inFile: bills.count, inLedger: told.size, waiting },
    rssMegabytes: most,
  };
}

/** Reads the file and says each line, as a billing system would. */
async function feed(of: StartSettings, path: string): Promise<void> {
  const silent = { debug() {}, info() {}, warn() {}, error() {} };
  const broker = of.kafkaBrokers ?? `127.0.0.1:${of.ports.kafka}`;
  const producer = await openProducer(
    openKafka({ clientId: 'billing-system', brokers: broker.split(','), log: silent }),
  );
  const writer = await foreignWriter(`http://127.0.0.1:${of.ports['schema-endpoint']}`, TOPIC);
  const [issuedOn, dueOn] = [0, 15 * DAY_MS].map((ahead) => new Date(Date.now() + ahead).toISOString().slice(0, 10));
  let batch: { topic: string; key: string; value: Buffer; headers: Record<string, string> }[] = [];
  for await (const line of createInterface({ input: createReadStream(path) })) {
    const [accountNumber = '', reference = '', paise = ''] = line.split(',');
    const key = `BS-${accountNumber}`;
    const event = {
      eventId: crypto.randomUUID(),
      type: 'BillGenerated',
      occurredAt: Date.now(),
      aggregateId: key,
      version: 1,
    };
    const bill = { accountNumber, reference, amountPaise: Number(paise), issuedOn, dueOn };
    batch.push({ topic: TOPIC, key, value: writer.write({ ...event, ...bill }), headers: {} });
    if (batch.length < BATCH) continue;
    await producer.send(batch);
    batch = [];
  }
  if (batch.length > 0) await producer.send(batch);
  await producer.close();
}

async function openNotifier({ dataFolder, databaseUrl, ports }: StartSettings): Promise<pg.Client> {
  const password = await readFile(join(dataFolder, 'secrets/notifier_app-password'), 'utf8');
  const url = new URL(databaseUrl ?? `postgres://127.0.0.1:${ports.postgres}`);
  const client = new pg.Client(Object.assign(url, { username: 'notifier_app', password, pathname: '/notifier' }).href);
  await client.connect();
  return client;
}

async function plannedSince(notifier: pg.Client, since: Date): Promise<number> {
  const { rows } = await notifier.query<{ n: number }>(
    `select coalesce(sum(audience_size), 0)::integer as n from run where kind = 'bill' and planned_at >= $1`,
    [since],
  );
  return rows[0]?.n ?? 0;
}

/** The amount that the ledger's rows tell, by bill. */
async function amountsToldOf(notifier: pg.Client, month: string): Promise<Map<string, string>> {
  const { rows } = await notifier.query<{ reference: string; paise: string }>(
    `select reference, payload ->> 'amountPaise' as paise from ledger where subject = 'bill' and starts_with(reference, $1)`,
    [`${month}-`],
  );
  return new Map(rows.map(({ reference, paise }) => [reference, paise]));
}

/** Bills that wait for an account that billing does not know. */
async function waitingIn({ ports }: StartSettings): Promise<number> {
  const metrics = await (await fetch(`http://127.0.0.1:${ports.billing}/metrics`)).text();
  return Number(/^bijli_waiting_events\{[^}]*reason="unknown-account"[^}]*\} (\d+)$/m.exec(metrics)?.[1] ?? 0);
}

async function setSending({ ports }: StartSettings, isStopped: boolean): Promise<void> {
  const answer = await fetch(`http://127.0.0.1:${ports.notifier}/v1/sending`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ isStopped, reason: 'bench', changedBy: 'bench' }),
  });
  if (!answer.ok) throw new Error(`the notifier answered ${answer.status}`);
}
