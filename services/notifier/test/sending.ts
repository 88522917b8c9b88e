import type { Database } from '@bijli/postgres';
import { openLog } from '@bijli/service';
import { dataCodings, decodeText } from '@bijli/smpp';
import { until } from '@bijli/testing';
import { newId, type SealKeys } from '@bijli/units';
import { account } from '../src/dispatch/account.ts';
import { type Breakers, breakers } from '../src/dispatch/breakers.ts';
import { type Desk, desk } from '../src/dispatch/desk.ts';
import type { AcceptedPart } from '../src/dispatch/held-chunk.ts';
import { holderLease } from '../src/dispatch/holder-lease.ts';
import { outcomeRecorder } from '../src/dispatch/outcome-recorder.ts';
import { truthWatch } from '../src/dispatch/truth-watch.ts';
import { lanes } from '../src/domain/lanes.ts';
import { type RunCounts, runCounts } from '../src/domain/run-counts.ts';
import { statusTable } from '../src/domain/status-classes.ts';
import type { OutgoingMessage, SmppLink } from '../src/smpp/index.ts';
import type { ParkedItem } from '../src/store/messages/park-item.ts';
import { findRuns, type RunView } from '../src/store/runs/find-runs.ts';
import { openCatalogue } from '../src/templates/catalogue.ts';
import type { ScriptedLink } from './link-of.ts';
import { recording } from './recording.ts';
import { type Home, sealKeys } from './town-of-six.ts';

export const HOMES: readonly Home[] = [
  { account: '1000000001', node: 'DT-1', mobile: '9811111101' },
  { account: '1000000002', node: 'DT-1', mobile: '9811111102', language: 'en' },
  { account: '1000000003', node: 'DT-2', mobile: '9811111102', language: 'hi' },
  { account: '1000000004', node: 'F-1' },
  { account: '1000000005', node: 'DT-2', mobile: '9811111105', state: 'disconnected' },
  { account: '1000000006', node: 'F-2', mobile: '9811111106' },
  { account: '1000000007', node: 'DT-2', mobile: '9811111107', category: 'hospital' },
];

/** A desk that runs. */
export type Sender = {
  readonly desk: Desk;
  readonly holderId: string;
  readonly refusals: Breakers;
  /** As when its process is killed, once it has begun: nothing of it is heard any more, and nothing given back. */
  kill(): Promise<void>;
};

type SenderOptions = {
  /** Messages that may be written ahead at once. */
  readonly mostAhead?: number;
  readonly keys?: SealKeys;
  readonly parked?: ParkedItem['kind'][];
  readonly onAccepted?: (part: AcceptedPart) => void;
  readonly partsPerSecond?: number;
  readonly lookAt?: Database;
  /** Holders that are taken for gone. */
  readonly dead?: readonly string[];
  readonly idleMs?: number;
  readonly newTimePauseSeconds?: number;
};

/** Starts a desk over a scripted link. */
export function startSender(
  given: Database,
  link: SmppLink & Partial<ScriptedLink>,
  options: SenderOptions = {},
): Sender {
  const { db, cut } = cuttable(given);
  const {
    mostAhead = 100,
    keys = sealKeys,
    parked,
    onAccepted = () => {},
    partsPerSecond = 100_000,
    lookAt = db,
    dead = [],
    idleMs = 20,
    newTimePauseSeconds = 0,
  } = options;
  const log = openLog('test', process.env['TEST_LOG'] === undefined ? 'silent' : 'debug');
  const holderId = newId();
  const lease = holderLease({
    db,
    holderId,
    onLost: () => link.destroy('lost'),
    onError: (error) => console.error(error),
  });
  const refusals = breakers(() => {});
  const truth = truthWatch({ db: lookAt, runs: () => sender.runs(), onChange: () => sender.room() });
  const sender: Desk = desk(
    {
      db,
      link,
      provider: 'test',
      catalogue: openCatalogue(),
      sealKeys: keys,
      statuses: statusTable(),
      lease: { ...lease, dead: () => dead },
      truth,
      account: account(db, { provider: 'test', partsPerSecond, onError: (error) => console.error(error) }),
      breakers: refusals,
      outcomes: outcomeRecorder(db, { holderId, ...recording(parked) }),
      onAccepted,
      newTimePauseSeconds,
      log,
    },
    { mostAhead, idleMs },
  );
  const starting = sender.start();
  const kill = async (): Promise<void> => {
    await starting;
    cut();
    link.lose?.();
    truth.stop();
    void lease.end(); // its timers
  };
  return { desk: sender, holderId, refusals, kill };
}

/** A database whose questions have no answer any more once it is cut. */
function cuttable(db: Database): { db: Database; cut: () => void } {
  let isCut = false;
  const silence = () => new Promise<never>(() => {});
  const get = (target: Database, name: keyof Database) => {
    if (isCut && (name === 'raw' || name === 'transaction')) return silence;
    const value: unknown = target[name];
    return typeof value === 'function' ? value.bind(target) : value;
  };
  return {
    db: new Proxy(db, { get: (target, name) => get(target, name as keyof Database) }),
    cut: () => {
      isCut = true;
    },
  };
}

/** Waits until the run of a revision has ended. */
export async function runEnded(db: Database, revision: number): Promise<{ run: RunView; counts: RunCounts }> {
  const run = await until(
    async () => (await findRuns(db, { limit: 50 })).find((one) => one.revision === revision && one.endedAt !== null),
    { describe: `run of revision ${revision} to end` },
  );
  return { run, counts: runCounts(run.measures, run.audienceSize, true) };
}

/** Waits until every run has ended. */
export async function allEnded(db: Database): Promise<void> {
  await until(async () => (await findRuns(db, { limit: 50 })).every(({ endedAt }) => endedAt !== null), {
    describe: 'all runs to end',
  });
}

/** Room for so many chunks of each lane. */
export function inEachLane(most: number): ReadonlyMap<number, number> {
  return new Map(lanes.map((_, lane) => [lane, most]));
}

/** The newest run with its counts; null where there is none. */
export async function latestRun(db: Database): Promise<{ run: RunView; counts: RunCounts } | null> {
  const [run] = await findRuns(db, { limit: 1 });
  return run === undefined ? null : { run, counts: runCounts(run.measures, run.audienceSize, run.endedAt !== null) };
}

export function mobilesOf(link: ScriptedLink): string[] {
  return link.sent.map((message) => message.destination).sort();
}

export function textOf(message: OutgoingMessage): string {
  return decodeText(dataCodings[message.coding], message.parts[0] ?? Buffer.alloc(0));
}

export function sumOf(counts: RunCounts): number {
  const skipped = Object.values(counts.skipped).reduce((a, b) => a + b, 0);
  return (
    counts.accepted +
    counts.rejected +
    counts.inDoubt +
    counts.superseded +
    counts.stale +
    counts.unrenderable +
    counts.coalesced +
    skipped
  );
}
