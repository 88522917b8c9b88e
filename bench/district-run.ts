import { setTimeout as wait } from 'node:timers/promises';
import type { Opened } from './control-room.ts';
import { copyCarriers, insertBare, makeBareLedger, progressOf, proofOf } from './ledger-questions.ts';
import { checkpoint, walOctets } from './postgres.ts';
import { coreSecondsByPart, coreSecondsOfPid, servicesOf, usedBetween, watchMemory } from './processes.ts';
import { monotonicSeconds, rawLoop } from './sink.ts';
import type { Bed } from './test-bed.ts';

const LOOK_EVERY_MS = 50;
const GIVE_UP_AFTER_S = 600;

/** A run from the answer to the control room until the last receipt is committed. */
export type MeasuredRun = {
  readonly opened: Opened;
  readonly runId: string;
  readonly texts: number;
  /** Submits beyond one for each handset. */
  readonly repeats: number;
  readonly seconds: number;
  /** Until the sink had the first. */
  readonly firstAfterSeconds: number;
  readonly walOctets: number;
  /** By part of the system, with `sink`, and with `bench` for what its own questions cost PostgreSQL. */
  readonly coreSeconds: ReadonlyMap<string, number>;
  /** The most that each service had. */
  readonly rssMegabytes: ReadonlyMap<string, number>;
};

/**
 * Says something of an outage and follows its run to the end. Throws when what is counted does not prove it: as many distinct texts
 * accepted as there are carriers, a committed receipt for each, and each handset once in the sink's own log.
 */
export async function measureRun(
  bed: Bed,
  say: () => Promise<Opened>,
  { mayRepeat = false }: { readonly mayRepeat?: boolean } = {},
): Promise<MeasuredRun> {
  const { admin, notifier, sink, system } = bed;
  await checkpoint(admin);
  const place = await sink.end();
  const before = { wal: await walOctets(admin), cores: coresOf(bed) };
  const memory = watchMemory(servicesOf(system.dataFolder));
  const opened = await say();
  const runId = await untilReceived(bed, opened);
  const seconds = monotonicSeconds() - opened.said;
  const after = { wal: await walOctets(admin), cores: coresOf(bed) };
  const rssMegabytes = memory.stop();
  const submits = await sink.since(place);
  const proof = await proofOf(notifier, runId);
  const handsets = new Set(submits.map(({ handset }) => handset)).size;
  const { carriers, accepted, withReceipt, unmatched } = proof;
  const repeats = submits.length - handsets;
  const isProven = accepted === carriers && withReceipt + unmatched >= accepted && handsets === accepted;
  if (!isProven || (repeats > 0 && !mayRepeat))
    throw new Error(`it is not proven: ${JSON.stringify({ ...proof, submits: submits.length, handsets })}`);
  return {
    ...{ opened, runId, texts: accepted, repeats, seconds, rssMegabytes },
    firstAfterSeconds: (submits[0]?.at ?? NaN) - opened.said,
    walOctets: after.wal - before.wal,
    coreSeconds: usedBetween(before.cores, after.cores),
  };
}

function coresOf({ system, sink, backends }: Bed): Map<string, number> {
  const parts = coreSecondsByPart(system.dataFolder);
  const own = backends.reduce((sum, pid) => sum + coreSecondsOfPid(pid), 0);
  return parts
    .set('postgres', (parts.get('postgres') ?? 0) - own)
    .set('bench', own)
    .set('sink', coreSecondsOfPid(sink.pid));
}

async function untilReceived({ notifier }: Bed, { id, version, said }: Opened): Promise<string> {
  for (;;) {
    const progress = await progressOf(notifier, id, version);
    if (progress?.isEnded && progress.receipts >= progress.accepted) return progress.runId;
    if (monotonicSeconds() > said + GIVE_UP_AFTER_S) throw new Error(`it did not end: ${JSON.stringify(progress)}`);
    await wait(LOOK_EVERY_MS);
  }
}

/** What the bare stages take for the texts of a run, one after the other. */
export type Ceiling = {
  readonly insertSeconds: number;
  readonly loopSeconds: number;
  readonly insertCoreSeconds: number;
  readonly clientCoreSeconds: number;
  readonly walOctets: number;
};

/** Measures the bare stages on the same PostgreSQL and the same sink. */
export async function measureCeiling(bed: Bed, runId: string): Promise<Ceiling> {
  const { admin, notifier, sink, system } = bed;
  const texts = await copyCarriers(notifier, runId);
  await makeBareLedger(notifier);
  await checkpoint(admin);
  const cores = coreSecondsByPart(system.dataFolder);
  const wal = await walOctets(admin);
  const began = performance.now();
  await insertBare(notifier);
  const insertSeconds = (performance.now() - began) / 1_000;
  const octets = (await walOctets(admin)) - wal;
  const insertCoreSeconds = usedBetween(cores, coreSecondsByPart(system.dataFolder)).get('postgres') ?? NaN;
  await notifier.query('drop table bench_ledger, bench_source');
  const loop = await rawLoop(sink.port, texts);
  return {
    ...{ insertSeconds, insertCoreSeconds, walOctets: octets },
    ...{ loopSeconds: loop.seconds, clientCoreSeconds: loop.coreSeconds },
  };
}
