import type { Posting } from '../billing-system.ts';
import { type Figure, figureOf } from '../figures.ts';
import { amountsTold } from '../ledger-questions.ts';
import { makeBills, sayBills } from '../month-of-bills.ts';
import { servicesOf, watchMemory } from '../processes.ts';
import { type Bed, type Bench, small } from '../test-bed.ts';

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

async function tellBills(bed: Bed, bills: readonly Posting[]) {
  const memory = watchMemory(servicesOf(bed.system.dataFolder));
  const began = performance.now();
  const waiting = await sayBills(bed, bills);
  const seconds = (performance.now() - began) / 1_000;
  const rssMegabytes = memory.stop();
  await mustBeExact(bed, bills, waiting);
  return { seconds, rssMegabytes };
}

async function mustBeExact({ notifier }: Bed, bills: readonly Posting[], waiting: number): Promise<void> {
  const [month = ''] = (bills[0]?.reference ?? '').split('-');
  const told = await amountsTold(notifier, `${month}-`);
  const wrong = bills.filter(({ reference, amountPaise }) => (told.get(reference) ?? amountPaise) !== amountPaise);
  if (wrong.length > 0 || told.size + waiting !== bills.length)
    throw new Error(`of ${bills.length} bills ${told.size} are told, ${waiting} wait, ${wrong.length} are wrong`);
}
