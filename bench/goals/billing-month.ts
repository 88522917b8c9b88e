import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { openBillingSystem, type Posting } from '../billing-system.ts';
import { type Figure, figureOf } from '../figures.ts';
import { amountsTold, plannedBills } from '../ledger-questions.ts';
import { servicesOf, watchMemory } from '../processes.ts';
import { type Bed, type Bench, small } from '../test-bed.ts';

const LOOK_EVERY_MS = 100;
/** Bills that wait for their account at most; while more are missing nobody is asked whether they do. */
const MOST_WAITING = 5_000;
const GIVE_UP_AFTER_MS = 600_000;
const RSS_MEGABYTES = 300;

/**
 * G13: one bill for each connection, through Kafka to a text in the notifier's ledger, each to the paisa. Sending is stopped meanwhile: how
 * long that takes is the carrier's contract.
 */
export async function measureG13(bench: Bench): Promise<Figure[]> {
  const bed = await bench.bed();
  await bed.control.setSending(true);
  try {
    const bills = await makeBills(bed);
    const { seconds, rssMegabytes } = await tellBills(bed, bills);
    const [goal, sense] = ['G13', 'at most'] as const;
    const note = `${bills.length} bills`;
    const [largest = 'none'] = [...rssMegabytes].toSorted(([, a], [, b]) => b - a).map(([name]) => name);
    return [
      figureOf({ goal, what: 'a month of bills to the ledger', target: 60, sense, unit: 's', note, ...small(bench) }, [
        seconds,
      ]),
      figureOf(
        {
          ...{ goal, what: 'RSS of the largest service meanwhile', target: RSS_MEGABYTES, sense, unit: 'MB' },
          ...{ note: largest, ...small(bench) },
        },
        [rssMegabytes.get(largest) ?? NaN],
      ),
    ];
  } finally {
    await bed.control.setSending(false);
  }
}

async function makeBills({ folder }: Bed): Promise<Posting[]> {
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

async function tellBills(bed: Bed, bills: readonly Posting[]) {
  const { notifier, system } = bed;
  const billing = await openBillingSystem(system.basePort);
  const [waitedBefore, since] = [await waitingIn(bed), new Date()];
  const memory = watchMemory(servicesOf(system.dataFolder));
  const began = performance.now();
  await billing.sayBills(bills);
  await billing.close();
  // A bill of a connection that the import refused waits for it in billing, and is told to nobody.
  for (const deadline = began + GIVE_UP_AFTER_MS; ; ) {
    const missing = bills.length - (await plannedBills(notifier, since));
    if (missing <= 0 || (missing <= MOST_WAITING && missing <= (await waitingIn(bed)) - waitedBefore)) break;
    if (performance.now() > deadline) throw new Error(`${missing} of ${bills.length} bills did not arrive`);
    await wait(LOOK_EVERY_MS);
  }
  const seconds = (performance.now() - began) / 1_000;
  const rssMegabytes = memory.stop();
  await mustBeExact(bed, bills, (await waitingIn(bed)) - waitedBefore);
  return { seconds, rssMegabytes };
}

async function mustBeExact({ notifier }: Bed, bills: readonly Posting[], waiting: number): Promise<void> {
  const [month = ''] = (bills[0]?.reference ?? '').split('-');
  const told = await amountsTold(notifier, `${month}-`);
  const wrong = bills.filter(({ reference, amountPaise }) => (told.get(reference) ?? amountPaise) !== amountPaise);
  if (wrong.length > 0 || told.size + waiting !== bills.length)
    throw new Error(`of ${bills.length} bills ${told.size} are told, ${waiting} wait, ${wrong.length} are wrong`);
}

/** Bills that wait for an account that billing does not know. */
async function waitingIn({ system }: Bed): Promise<number> {
  const metrics = await (await fetch(`http://127.0.0.1:${system.basePort + 3}/metrics`)).text();
  return Number(/^bijli_waiting_events\{[^}]*reason="unknown-account"[^}]*\} (\d+)$/m.exec(metrics)?.[1] ?? 0);
}
