import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type pg from 'pg';
import { type ControlRoom, controlRoom } from './control-room.ts';
import { type Beside, makeDistrict } from './district.ts';
import type { Missing } from './figures.ts';
import type { BudgetLine, Table } from './report.ts';
import type { BenchOptions } from './options.ts';
import { connectTo, type OwnSystem, startOwnSystem } from './own-system.ts';
import { backendOf, prepareServer } from './postgres.ts';
import { machineCoreSeconds, servicesOf, watchMemory } from './processes.ts';
import { runImport } from './run-import.ts';
import { type Sink, startSink } from './sink.ts';
import { startTap, type TextTap } from './storm/text-log.ts';

/** Consumers of a feeder, as the goals say it. */
const FEEDER = 1_500;
/** Feeders beside the district: as many as may be told of a cut during one run of the district, and how much smaller each is at least. */
const FEEDERS = 10;
const SMALLER = 24;
const SINK = 20;
const REST_AT_MOST_MS = 15_000;
const RESTED_S = 3;
/** Where a second system stands, which only some goals need. */
const SECOND = 40;
/** What stands in nobody's way: the largest contract, window and slice that the product has. */
const FASTEST = { SMPP_RATE_PARTS_PER_SECOND: '1000000', SMPP_WINDOW: '1000', SMPP_BINDS: '2' };

/** A started system with a district, at a sink. */
export type Bed = {
  readonly options: BenchOptions;
  readonly folder: string;
  readonly system: OwnSystem;
  readonly sink: Sink;
  readonly control: ControlRoom;
  readonly beside: Beside;
  /** As the owner of the notifier's tables, and as PostgreSQL's administrator. */
  readonly notifier: pg.Client;
  readonly admin: pg.Client;
  /** The processes of PostgreSQL that serve these two: what they use is the bench's own. */
  readonly backends: readonly number[];
  /** Seconds from the start of the import until the district could be told, and the megabytes that each service had then at most. */
  readonly imported: { readonly seconds: number; readonly rssMegabytes: ReadonlyMap<string, number> };
};

/** A system of its own whose texts are read on their way to the sink; who asked for it stops it. */
export type Tapped = Bed & { readonly tap: TextTap; stop(): Promise<void> };

/** What the goals of one run of the bench share. */
export type Bench = {
  readonly options: BenchOptions;
  /** The system that most goals are measured on, started when the first asks for it. */
  bed(): Promise<Bed>;
  /** Whether that system was started. */
  isStarted(): boolean;
  /** Starts another one for a goal that needs its own, with settings of the notifier; who asks stops it. */
  ownBed(env: Readonly<Record<string, string>>): Promise<Bed & { stop(): Promise<void> }>;
  /** The same, with its texts read on their way to the sink. */
  tappedBed(env: Readonly<Record<string, string>>): Promise<Tapped>;
  /** A sink without a system. */
  sink(): Promise<Sink>;
  /** Remembers what is measured once for several goals. */
  once<T>(name: string, measure: () => Promise<T>): Promise<T>;
  /** What of a goal could not be measured, beside its figures. */
  readonly missing: Missing[];
  /** What a text costs, once it was measured. */
  readonly budget: BudgetLine[];
  /** Tables of some goals, for people. */
  readonly tables: Table[];
  /** What is told beside the goals. */
  readonly details: Record<string, unknown>;
  close(): Promise<void>;
};

/** Opens a bench; nothing is started before a goal asks for it. */
export function openBench(options: BenchOptions): Bench {
  const kept = new Map<string, Promise<unknown>>();
  const closing: (() => Promise<void>)[] = [];
  const once = <T>(name: string, measure: () => Promise<T>): Promise<T> => {
    const known = (kept.get(name) ?? measure()) as Promise<T>;
    kept.set(name, known);
    return known;
  };
  const folder = (): Promise<string> =>
    once('folder', async () => {
      const made = await mkdtemp(join(tmpdir(), 'bijli-bench-'));
      closing.push(() => rm(made, { recursive: true }));
      return made;
    });
  return {
    options,
    once,
    missing: [],
    budget: [],
    tables: [],
    details: {},
    bed: () =>
      once('bed', async () => {
        try {
          const bed = await startBed(options, options.port, await folder(), FASTEST);
          closing.push(() => bed.stop());
          return bed;
        } catch (error) {
          kept.delete('bed'); // the next goal may have more luck
          throw error;
        }
      }),
    isStarted: () => kept.has('bed'),
    ownBed: async (env) => startBed(options, options.port + SECOND, await folder(), { ...FASTEST, ...env }),
    tappedBed: async (env) => {
      const port = options.port + SECOND;
      const tap = await startTap(port + SINK + 1, port + SINK, await folder());
      try {
        const bed = await startBed(options, port, await folder(), { ...FASTEST, ...env, SMPP_PORT: String(tap.port) });
        return { ...bed, tap, stop: () => bed.stop().finally(() => tap.stop()) };
      } catch (error) {
        await tap.stop();
        throw error;
      }
    },
    sink: () =>
      once('sink', async () => {
        const sink = await startSink(options.port + SINK + 1, await folder());
        closing.push(() => sink.stop());
        return sink;
      }),
    close: async () => {
      // What cannot be closed takes no figure with it.
      for (const close of closing.toReversed())
        await close().catch((error: unknown) => console.error('not all that was started could be ended', error));
    },
  };
}

async function startBed(
  options: BenchOptions,
  port: number,
  folder: string,
  env: Readonly<Record<string, string>>,
): Promise<Bed & { stop(): Promise<void> }> {
  const beside = { feeders: FEEDERS, peopleEach: Math.min(FEEDER, Math.ceil(options.connections / SMALLER)) };
  const files = makeDistrict(options.connections, beside);
  await writeFile(join(folder, 'network.csv'), files.network);
  await writeFile(join(folder, 'connections.csv'), files.connections);
  const sink = await startSink(port + SINK, folder);
  const closing: (() => Promise<unknown>)[] = [() => sink.stop()];
  const stop = async (): Promise<void> => {
    for (const close of closing.toReversed()) await close();
  };
  try {
    const atSink = {
      SMPP_HOST: '127.0.0.1',
      SMPP_PORT: String(sink.port),
      SMPP_SYSTEM_ID: 'bench',
      SMPP_PASSWORD: 'bench',
    };
    const texts = { SMS_HEADER: 'UPPCLP', DLT_ENTITY_ID: '1101000000000000001', UNDO_SECONDS: '0' };
    const system = await startOwnSystem(port, { env: { ...atSink, ...texts, ...env }, prepare: prepareServer });
    closing.push(() => system.stop());
    const admin = await connectTo(system, 'postgres', 'postgres');
    closing.push(() => admin.end());
    await admin.query(`alter system set pg_stat_statements.track = 'none'`);
    await admin.query('select pg_reload_conf()');
    const notifier = await connectTo(system, 'notifier', 'notifier_owner');
    closing.push(() => notifier.end());
    const isAtRest = await untilItRests();
    if (!isAtRest) console.error(`the machine did not come to rest within ${REST_AT_MOST_MS / 1_000} s`);
    const memory = watchMemory(servicesOf(system.dataFolder));
    const began = performance.now();
    await runImport(port, folder);
    const imported = { seconds: (performance.now() - began) / 1_000, rssMegabytes: memory.stop() };
    const backends = await Promise.all([admin, notifier].map(backendOf));
    const control = controlRoom(port);
    return { options, folder, system, sink, beside, admin, notifier, backends, imported, control, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/**
 * What a start leaves to be done, the first clean-up of PostgreSQL for instance, is no part of an import; others on the machine may never rest.
 * @returns whether it rested for three seconds before the patience was over.
 */
async function untilItRests(): Promise<boolean> {
  const deadline = performance.now() + REST_AT_MOST_MS;
  let rested = 0;
  for (let last = machineCoreSeconds(); rested < RESTED_S && performance.now() < deadline; ) {
    await wait(1_000);
    const now = machineCoreSeconds();
    rested = now.busy - last.busy < 0.2 * (now.all - last.all) ? rested + 1 : 0;
    last = now;
  }
  return rested >= RESTED_S;
}

/** A district that a few feeders would fill says little of what one costs. */
const ENOUGH = 100_000;

/** Says why a run of so few connections decides nothing; it does where there are enough. */
export function small({ options }: Bench): { readonly undecided: string | null } {
  const isEnough = options.connections >= ENOUGH;
  return { undecided: isEnough ? null : `of ${options.connections} connections, the goal speaks of 462,000` };
}
