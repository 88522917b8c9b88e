import { setTimeout as wait } from 'node:timers/promises';
import { openBillingSystem } from '../billing-system.ts';
import { besideAccount, besideHandset } from '../district.ts';
import { type Figure, figureOf, percentile } from '../figures.ts';
import { coreSecondsByPart, usedBetween } from '../processes.ts';
import { monotonicSeconds } from '../sink.ts';
import type { Bed, Bench } from '../test-bed.ts';

const PER_SECOND = 1_000;
const EVERY_MS = 100;
const SECONDS = { full: 60, quick: 10 };
/** How long the last are waited for. */
const PATIENCE_S = 15;
const MICROSECONDS = 1_000_000;

/** G14: a payment each millisecond, on one account after the other; until when each of them is submitted. */
export async function measureG14(bench: Bench): Promise<Figure[]> {
  const bed = await bench.bed();
  const seconds = bench.options.isFull ? SECONDS.full : SECONDS.quick;
  const before = coreSecondsByPart(bed.system.dataFolder);
  const place = await bed.sink.end();
  const said = await sayPayments(bed, seconds * PER_SECOND);
  const { waits, missing } = await untilSubmitted(bed, said, place);
  const used = usedBetween(before, coreSecondsByPart(bed.system.dataFolder));
  const count = waits.length + missing;
  if (missing > 0)
    throw new Error(`${missing} of ${count} payments were not submitted within ${PATIENCE_S} s of the last`);
  bench.details['payments'] = Object.fromEntries(
    [...used].map(([part, coreSeconds]) => [part, `${((coreSeconds * MICROSECONDS) / count).toFixed(0)} µs a payment`]),
  );
  const core = [...used.values()].reduce((sum, coreSeconds) => sum + coreSeconds, 0);
  const note =
    `${count} payments, median ${percentile(waits, 0.5).toFixed(2)} s, p99 ${percentile(waits, 0.99).toFixed(2)} s; ` +
    `${((core * MICROSECONDS) / count).toFixed(0)} µs of a core a payment, Kafka with it`;
  const undecided = bench.options.isFull ? null : `for ${seconds} s, the goal speaks of ${SECONDS.full}`;
  const what = `last submit of ${PER_SECOND} events/s after its event`;
  return [
    figureOf({ goal: 'G14', what, target: 2, sense: 'at most', unit: 's', note, undecided }, [Math.max(...waits)]),
  ];
}

/** When each payment was said, by handset, in order. */
type Said = ReadonlyMap<string, readonly number[]>;

async function sayPayments({ beside, system }: Bed, count: number): Promise<Said> {
  const billing = await openBillingSystem(system.basePort);
  const said = new Map<string, number[]>();
  const people = beside.feeders * beside.peopleEach;
  const day = Date.now().toString(36).toUpperCase();
  const batch = (PER_SECOND * EVERY_MS) / 1_000;
  const began = performance.now();
  for (let from = 0; from < count; from += batch) {
    await wait(Math.max(0, began + (from / PER_SECOND) * 1_000 - performance.now()));
    const payments = Array.from({ length: batch }, (_, n) => {
      const person = (from + n) % people;
      const [feeder, number] = [Math.floor(person / beside.peopleEach), person % beside.peopleEach];
      const handset = besideHandset(beside, feeder, number);
      said.set(handset, [...(said.get(handset) ?? []), monotonicSeconds()]);
      return {
        accountNumber: besideAccount(beside, feeder, number),
        reference: `${day}-${from + n}`,
        amountPaise: 10_000,
      };
    });
    await billing.sayPayments(payments);
  }
  await billing.close();
  return said;
}

async function untilSubmitted({ sink }: Bed, said: Said, place: number) {
  const count = [...said.values()].reduce((sum, times) => sum + times.length, 0);
  const deadline = monotonicSeconds() + PATIENCE_S;
  let waits: number[] = [];
  while (waits.length < count && monotonicSeconds() < deadline) {
    await wait(1_000);
    const places = new Map<string, number>();
    waits = (await sink.since(place)).flatMap(({ at, handset }) => {
      const nth = places.get(handset) ?? 0;
      places.set(handset, nth + 1);
      const saidAt = said.get(handset)?.[nth];
      return saidAt === undefined ? [] : [at - saidAt];
    });
  }
  return { waits, missing: count - waits.length };
}
