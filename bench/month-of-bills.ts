import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { openBillingSystem, type Posting } from './billing-system.ts';
import { plannedBills } from './ledger-questions.ts';
import type { Bed } from './test-bed.ts';

const LOOK_EVERY_MS = 100;
/** Bills that wait for their account at most; while more are missing nobody is asked whether they do. */
const MOST_WAITING = 5_000;
const GIVE_UP_AFTER_MS = 600_000;

/** Makes a bill for each connection of the file that was imported, in its order, each of an amount of its own. */
export async function makeBills({ folder }: Bed): Promise<Posting[]> {
  const month = Date.now().toString(36).toUpperCase();
  const [, ...lines] = (await readFile(join(folder, 'connections.csv'), 'utf8'))
    .split(/\r?\n/)
    .filter((line) => line !== '');
  return lines.map((line, n) => ({
    accountNumber: line.slice(0, line.indexOf(',')),
    reference: `${month}-${n}`,
    amountPaise: 10_000 + ((n * 7_919) % 500_000),
  }));
}

/** Says bills and waits until the notifier has planned them. @returns how many wait in billing, for an account that it does not know. */
export async function sayBills(bed: Bed, bills: readonly Posting[]): Promise<number> {
  const { notifier, system } = bed;
  const billing = await openBillingSystem(system.basePort);
  const [waitedBefore, since] = [await waitingIn(bed), new Date()];
  await billing.sayBills(bills);
  await billing.close();
  // A bill of a connection that the import refused waits for it in billing, and is told to nobody.
  for (const deadline = performance.now() + GIVE_UP_AFTER_MS; ; ) {
    const missing = bills.length - (await plannedBills(notifier, since));
    const isMissing = missing > 0 && (missing > MOST_WAITING || missing > (await waitingIn(bed)) - waitedBefore);
    if (!isMissing) return (await waitingIn(bed)) - waitedBefore;
    if (performance.now() > deadline) throw new Error(`${missing} of ${bills.length} bills did not arrive`);
    await wait(LOOK_EVERY_MS);
  }
}

/** Bills that wait for an account that billing does not know. */
async function waitingIn({ system }: Bed): Promise<number> {
  const metrics = await (await fetch(`http://127.0.0.1:${system.basePort + 3}/metrics`)).text();
  return Number(/^bijli_waiting_events\{[^}]*reason="unknown-account"[^}]*\} (\d+)$/m.exec(metrics)?.[1] ?? 0);
}
