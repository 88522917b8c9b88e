// `npm run bench-tell-district [-- pairs [connections]]`: a district is told of an outage and of its end, so many times, each on the system as
// `npm start` runs it with a contract that stands in nobody's way. Goal G1: texts a second, as a share of the rows a second that the
// same PostgreSQL takes into the same ledger by one bare insert. While the district is told, three feeders elsewhere are restored:
// how long until the notifier has planned what it says of them.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { makeDistrict } from './district.ts';
import { type OwnSystem, startOwnSystem } from './own-system.ts';
import { runImport } from './run-import.ts';

const GOAL = { goal: 'G1', target: 0.35, aim: 0.6 };
const BASE_PORT = 19_580;
const LOOK_EVERY_MS = 100;
const GIVE_UP_AFTER_MS = 600_000;
/** Feeders of the town that every start brings; nothing of the district hangs on them. */
const FEEDERS = ['F-1101', 'F-1102', 'F-1201'];
const PROVIDER = { SMPP_RATE_PARTS_PER_SECOND: '1000000', SMPP_WINDOW: '1000', SMPP_BINDS: '2' };

type Told = { readonly texts: number; readonly seconds: number; readonly perSecond: number };
type RunBody = {
  readonly revision: number;
  readonly state: string;
  readonly plannedAt: string;
  readonly counts: { accepted: number; pending: number };
};

const [pairs = 3, connections = 462_000] = process.argv.slice(2).map(Number);
const folder = await mkdtemp(join(tmpdir(), 'bijli-bench-'));
try {
  const files = makeDistrict(connections);
  await writeFile(join(folder, 'network.csv'), files.network);
  await writeFile(join(folder, 'connections.csv'), files.connections);
  const result = await measure();
  console.log(JSON.stringify(result, undefined, 2));
  process.exitCode = result.met ? 0 : 1;
} finally {
  await rm(folder, { recursive: true });
}

async function measure() {
  Object.assign(process.env, PROVIDER);
  const system = await startOwnSystem(BASE_PORT);
  try {
    const began = performance.now();
    await runImport(BASE_PORT, folder);
    const sendableAfterSeconds = round((performance.now() - began) / 1_000);
    const notifier = await openNotifier(system);
    const [reports, restorations, waits, ceilings]: [Told[], Told[], number[], number[]] = [[], [], [], []];
    for (let pair = 0; pair < pairs; pair += 1) {
      const { district, report, waited } = await tellAndRestoreElsewhere();
      reports.push(report);
      waits.push(...waited);
      restorations.push(await restore(district));
      ceilings.push(await bareInsert(notifier));
      console.error(JSON.stringify({ report, restoration: restorations.at(-1), waited, ceiling: ceilings.at(-1) }));
    }
    await notifier.end();
    const ceiling = spread(ceilings);
    const shares = reports.map(({ perSecond }, n) => perSecond / (ceilings[n] ?? NaN));
    return {
      ...GOAL,
      connections,
      sendableAfterSeconds,
      share: spread(shares),
      met: spread(shares).median >= GOAL.target,
      reportPerSecond: spread(reports.map((one) => one.perSecond)),
      reportSeconds: spread(reports.map((one) => one.seconds)),
      restorationPerSecond: spread(restorations.map((one) => one.perSecond)),
      ceilingPerSecond: ceiling,
      restorationElsewherePlannedAfterSeconds: spread(waits),
    };
  } finally {
    await system.stop();
  }
}

/** Tells the district of an outage; meanwhile three feeders elsewhere, dark before, are restored. */
async function tellAndRestoreElsewhere() {
  const elsewhere = [];
  for (const feeder of FEEDERS) elsewhere.push(await open(feeder));
  for (const { id, version } of elsewhere) await untilRun(id, version, (run) => run.state === 'complete');
  const began = performance.now();
  const district = await open('B-Z');
  await untilRun(district.id, district.version, (run) => run.counts.accepted > 0);
  const waited: number[] = [];
  for (const { id, version } of elsewhere) {
    const at = performance.now();
    await post(`/v1/outages/${id}/restoration`);
    await untilRun(id, version + 1, () => true);
    waited.push((performance.now() - at) / 1_000);
  }
  const run = await untilRun(district.id, district.version, ({ state }) => state === 'complete');
  return { district, report: told(run, began), waited };
}

async function restore({ id, version }: Opened): Promise<Told> {
  const began = performance.now();
  await post(`/v1/outages/${id}/restoration`);
  return told(await untilRun(id, version + 1, ({ state }) => state === 'complete'), began);
}

function told({ counts }: RunBody, began: number): Told {
  const seconds = (performance.now() - began) / 1_000;
  return { texts: counts.accepted, seconds: round(seconds), perSecond: Math.round(counts.accepted / seconds) };
}

/** What was dark a moment ago is the same outage, in a later version. */
type Opened = { readonly id: string; readonly version: number };

async function open(node: string): Promise<Opened> {
  return await post('/v1/outages', { nodeIds: [node], cause: 'transformer-fault' });
}

async function post(path: string, body: object = {}): Promise<Opened> {
  const answer = await fetch(`http://127.0.0.1:${BASE_PORT + 2}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${path} was answered ${answer.status}: ${await answer.text()}`);
  return (await answer.json()) as Opened;
}

async function untilRun(outageId: string, revision: number, isSo: (run: RunBody) => boolean): Promise<RunBody> {
  for (const deadline = performance.now() + GIVE_UP_AFTER_MS; performance.now() < deadline; ) {
    const answer = await fetch(`http://127.0.0.1:${BASE_PORT + 5}/v1/runs?outageId=${outageId}`);
    const { runs } = (await answer.json()) as { runs: RunBody[] };
    const run = runs.find((one) => one.revision === revision);
    if (run !== undefined && isSo(run)) return run;
    await wait(LOOK_EVERY_MS);
  }
  throw new Error(`the run of revision ${revision} did not come so far`);
}

/** Rows a second that PostgreSQL takes into a table like the ledger, in one statement, of what the latest run left there. */
async function bareInsert(notifier: pg.Client): Promise<number> {
  await notifier.query('create table bench_ledger (like ledger including all)');
  const began = performance.now();
  const { rowCount } = await notifier.query(
    `insert into bench_ledger
     select * from ledger
      where run_id = (select run_id from run where kind = 'restored' order by audience_size desc, planned_at desc limit 1)
        and fate = 'carrier'`,
  );
  const perSecond = (rowCount ?? 0) / ((performance.now() - began) / 1_000);
  await notifier.query('drop table bench_ledger');
  return Math.round(perSecond);
}

async function openNotifier({ dataFolder, basePort }: OwnSystem): Promise<pg.Client> {
  const password = (await readFile(join(dataFolder, 'secrets/notifier_owner-password'), 'utf8')).trim();
  const client = new pg.Client({
    host: '127.0.0.1',
    port: basePort + 10,
    user: 'notifier_owner',
    database: 'notifier',
    password,
  });
  await client.connect();
  return client;
}

function spread(values: readonly number[]): { min: number; median: number; max: number } {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) => round(sorted[Math.floor(share * (sorted.length - 1))] ?? NaN);
  return { min: at(0), median: at(0.5), max: at(1) };
}

function round(value: number): number {
  return Number(value.toFixed(3));
}
