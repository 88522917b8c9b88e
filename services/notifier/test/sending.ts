import type { Database } from '@bijli/postgres';
import { openLog } from '@bijli/service';
import { dataCodings, decodeText } from '@bijli/smpp';
import { until } from '@bijli/testing';
import type { SealKeys } from '@bijli/units';
import { type Dispatcher, dispatcher } from '../src/dispatch/dispatcher.ts';
import { outcomeRecorder } from '../src/dispatch/outcome-recorder.ts';
import { type SendWindow, sendWindow } from '../src/dispatch/send-window.ts';
import { type RunCounts, runCounts } from '../src/domain/run-counts.ts';
import type { OutgoingMessage } from '../src/smpp/index.ts';
import { findRuns, type RunView } from '../src/store/find-runs.ts';
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

/** A dispatcher that runs, with its window. */
export type Sender = {
  readonly dispatcher: Dispatcher;
  readonly window: SendWindow;
};

/** Starts a dispatcher over a scripted link. */
export function startSender(
  db: Database,
  link: ScriptedLink,
  { sliceSize = 50, workers = 2, keys = sealKeys }: { sliceSize?: number; workers?: number; keys?: SealKeys } = {},
): Sender {
  const window = sendWindow(2 * sliceSize);
  const sender = dispatcher(
    {
      db,
      link,
      provider: 'test',
      catalogue: openCatalogue(),
      sealKeys: keys,
      outcomes: outcomeRecorder(db, recording()),
      window,
      sliceSize,
      onAccepted: () => {},
      log: openLog('test', 'silent'),
    },
    { workers, idleMs: 20 },
  );
  void sender.start();
  return { dispatcher: sender, window };
}

/** Waits until the run of a revision has ended. */
export async function runEnded(db: Database, revision: number): Promise<{ run: RunView; counts: RunCounts }> {
  const run = await until(
    async () => (await findRuns(db, { limit: 50 })).find((one) => one.revision === revision && one.endedAt !== null),
    { describe: `run of revision ${revision} to end` },
  );
  return { run, counts: runCounts(run.measures, run.audienceSize, true) };
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
    counts.accepted + counts.rejected + counts.inDoubt + counts.superseded + counts.stale + counts.coalesced + skipped
  );
}
