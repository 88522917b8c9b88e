import { join } from 'node:path';
import { DISTRICT_ZONE } from '../district.ts';
import { measureRun } from '../district-run.ts';
import { type Figure, figureOf, ratiosOf, spreadOf } from '../figures.ts';
import { copyCarriers } from '../ledger-questions.ts';
import { databaseUrl } from '../own-system.ts';
import { checkpoint } from '../postgres.ts';
import { outputOf } from '../sink.ts';
import { type Bed, type Bench, small } from '../test-bed.ts';

const programs = join(import.meta.dirname, '../peers');
/** Jobs of the queues and messages of the links at most: their rate does not depend on it. */
const MOST = 100_000;
const QUEUES = ['graphile-worker', 'pg-boss'];

type Round = { readonly ours: number; readonly rowStatus: number; readonly queues: ReadonlyMap<string, number> };

/** G2: beside a row with a status for each message, on our own link, at the same sink and the same PostgreSQL. */
export async function measureG2(bench: Bench): Promise<Figure[]> {
  const rounds = await peerRounds(bench);
  const note = `texts a second ${medianOf(rounds.map(({ ours }) => ours))} : ${medianOf(rounds.map(({ rowStatus }) => rowStatus))}; aim 2.5`;
  const asked = { goal: 'G2', what: 'ours ÷ a row with a status', target: 1.3, sense: 'at least', unit: '×' } as const;
  const ratios = ratiosOf(
    rounds.map(({ ours }) => ours),
    rounds.map(({ rowStatus }) => rowStatus),
  );
  return [figureOf({ ...asked, note, ...small(bench) }, ratios)];
}

/** G3: really sent, beside the fastest queue that does nothing. */
export async function measureG3(bench: Bench): Promise<Figure[]> {
  const rounds = await peerRounds(bench);
  const rates = QUEUES.map((queue) => `${queue} ${medianOf(rounds.map(({ queues }) => queues.get(queue) ?? NaN))}/s`);
  const note = `${rates.join(', ')}; BullMQ is left out, it wants a server of its own; aim 4`;
  const asked = { goal: 'G3', what: 'ours ÷ fastest no-op queue', target: 2.5, sense: 'at least', unit: '×' } as const;
  const ratios = ratiosOf(
    rounds.map(({ ours }) => ours),
    rounds.map(({ queues }) => Math.max(...queues.values())),
  );
  return [figureOf({ ...asked, note, ...small(bench) }, ratios)];
}

/** G4: the notifier's link and npm smpp take turns at one sink; no database. */
export async function measureG4(bench: Bench): Promise<Figure[]> {
  const sink = await bench.sink();
  const count = String(Math.min(MOST, bench.options.isFull ? MOST : bench.options.connections));
  const rates: Record<'ours' | 'npm', number[]> = { ours: [], npm: [] };
  for (let round = 0; round < bench.options.rounds; round += 1) {
    for (const which of ['ours', 'npm'] as const) {
      const { seconds } = await runPeer(`smpp-${which}.ts`, [String(sink.port), count], {});
      rates[which].push(Number(count) / seconds);
    }
  }
  const note = `${count} texts with receipts, ${medianOf(rates.ours)} : ${medianOf(rates.npm)} a second`;
  const asked = { goal: 'G4', what: 'SMPP leg ÷ npm smpp', target: 10, sense: 'at least', unit: '×' } as const;
  const undecided = bench.options.isFull ? null : 'so few texts are over before either program is warm';
  return [figureOf({ ...asked, note, undecided }, ratiosOf(rates.ours, rates.npm))];
}

function peerRounds(bench: Bench): Promise<Round[]> {
  return bench.once('peer rounds', async () => {
    const bed = await bench.bed();
    const rounds: Round[] = [];
    await bed.admin.query('create database bench_queue');
    for (let round = 0; round < bench.options.rounds; round += 1) {
      const ours = await measureRun(bed, () => bed.control.report([DISTRICT_ZONE]));
      const count = await copyCarriers(bed.notifier, ours.runId);
      const rowStatus = count / (await onPostgres(bed, 'notifier', 'row-status.ts', [String(bed.sink.port)]));
      const queues = new Map<string, number>();
      const jobs = Math.min(count, MOST);
      for (const queue of QUEUES)
        queues.set(queue, jobs / (await onPostgres(bed, 'bench_queue', `${queue}.ts`, [String(jobs)])));
      await measureRun(bed, () => bed.control.restore(ours.opened));
      rounds.push({ ours: ours.texts / ours.seconds, rowStatus, queues });
    }
    await bed.notifier.query('drop table bench_source');
    return rounds;
  });
}

/** Runs a peer on the system's PostgreSQL. @returns the seconds that it took. */
async function onPostgres(bed: Bed, database: string, program: string, args: readonly string[]): Promise<number> {
  await checkpoint(bed.admin);
  const role = database === 'notifier' ? 'notifier_owner' : 'postgres';
  const { seconds } = await runPeer(program, args, { DATABASE_URL: await databaseUrl(bed.system, database, role) });
  return seconds;
}

async function runPeer(program: string, args: readonly string[], env: Readonly<Record<string, string>>) {
  const output = await outputOf(join(programs, program), args, env);
  return JSON.parse(output.trim().split('\n').at(-1) ?? '') as { seconds: number };
}

function medianOf(values: readonly number[]): number {
  return Math.round(spreadOf(values).median);
}
