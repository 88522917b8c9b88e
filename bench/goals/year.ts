import { statfs } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { openBillingSystem } from '../billing-system.ts';
import { besideAccount, besideHandset, DISTRICT_ZONE } from '../district.ts';
import { measureRun } from '../district-run.ts';
import { type Asked, type Figure, figureOf, ratiosOf, spreadOf } from '../figures.ts';
import { copierOf, openPastDays, settleTables } from '../ledger-history.ts';
import { COMMITS, contactsOf, EXPAND, statementSeconds } from '../ledger-questions.ts';
import { countStatements } from '../postgres.ts';
import { monotonicSeconds } from '../sink.ts';
import { type Bed, type Bench, small } from '../test-bed.ts';

const DAYS = 400;
const FULL = { rows: 35_000_000, payments: 100 };
const QUICK = { rows: 300_000, payments: 20 };
/** What a row of the ledger takes on disk with its indexes and its share of the write-ahead log, generously. */
const OCTETS_A_ROW = 700;
/** The notifier would forget older days. */
const KEEPS_THEM = { KEEP_DAYS: String(2 * DAYS) };
const LOOK_EVERY_MS = 2;
const BETWEEN_PAYMENTS_MS = 150;
const GIVE_UP_AFTER_S = 30;
const MILLISECONDS = 1_000;

type Ledger = {
  /** Rows of the expansion's statements a second, run by run. */
  readonly insertRates: readonly number[];
  /** Seconds from a payment in Kafka to its text at the sink, payment by payment. */
  readonly paymentSeconds: readonly number[];
  /** Milliseconds of the notifier's statements, without commits, a payment. */
  readonly statementMilliseconds: number;
};

/** G9: what a district and a payment cost on a ledger that is nearly empty, and on the same with the days and rows of more than a year. */
export async function measureG9(bench: Bench): Promise<Figure[]> {
  const wanted = bench.options.isFull ? FULL : QUICK;
  const bed = await bench.ownBed(KEEPS_THEM);
  try {
    const { runId } = await tellDistrict(bed); // the first is slower than all that follow
    const empty = await measureLedger(bed, wanted.payments);
    const rows = await makeHistory(bed, runId, wanted.rows);
    await tellDistrict(bed);
    const full = await measureLedger(bed, wanted.payments);
    bench.details['ledger'] = { rows, empty, full };
    return figuresOf(bench, rows, empty, full);
  } finally {
    await bed.stop();
  }
}

function figuresOf(bench: Bench, rows: number, empty: Ledger, full: Ledger): Figure[] {
  const tooFew = `${rows} rows, the goal speaks of ${FULL.rows}`;
  const undecided = rows >= FULL.rows ? small(bench).undecided : tooFew;
  const median = (values: readonly number[]): number => spreadOf(values).median;
  const figure = (asked: Omit<Asked, 'goal' | 'unit' | 'undecided'>, values: readonly number[]): Figure =>
    figureOf({ goal: 'G9', unit: '×', undecided, ...asked }, values);
  const rates = `rows a second of the expansion ${Math.round(median(empty.insertRates))} : ${Math.round(median(full.insertRates))}`;
  const ledger = `${rows} rows of ${DAYS} days`;
  const payments = [empty, full].map(({ paymentSeconds }) => (MILLISECONDS * median(paymentSeconds)).toFixed(0));
  const statements = [empty, full].map(({ statementMilliseconds }) => statementMilliseconds.toFixed(2));
  return [
    figure(
      { what: "a district's insert rate ÷ the first's", target: 0.8, sense: 'at least', note: `${ledger}; ${rates}` },
      ratiosOf(full.insertRates, empty.insertRates),
    ),
    figure(
      {
        ...{ what: 'a payment until its submit ÷ on an empty ledger', target: 1.2, sense: 'at most' },
        note: `medians of ${full.paymentSeconds.length}, ${payments.join(' : ')} ms, most of it waiting for a group of messages`,
      },
      [median(full.paymentSeconds) / median(empty.paymentSeconds)],
    ),
    figure(
      {
        ...{ what: "a payment's statements ÷ on an empty ledger", target: 1.2, sense: 'at most' },
        note: `${statements.join(' : ')} ms, with what the notifier asks meanwhile in any case`,
      },
      [full.statementMilliseconds / empty.statementMilliseconds],
    ),
  ];
}

async function measureLedger(bed: Bed, payments: number): Promise<Ledger> {
  await settleTables(bed.notifier);
  const insertRates: number[] = [];
  for (let round = 0; round < bed.options.rounds; round += 1) insertRates.push((await tellDistrict(bed)).insertRate);
  return { insertRates, ...(await hearPayments(bed, payments)) };
}

async function tellDistrict(bed: Bed): Promise<{ runId: string; insertRate: number }> {
  const { admin, control, notifier } = bed;
  await countStatements(admin, true);
  const run = await measureRun(bed, () => control.report([DISTRICT_ZONE]));
  const seconds = (await statementSeconds(admin)).get(EXPAND) ?? NaN;
  await countStatements(admin, false);
  await measureRun(bed, () => control.restore(run.opened));
  return { runId: run.runId, insertRate: (await contactsOf(notifier, run.runId)) / seconds };
}

async function hearPayments(
  bed: Bed,
  count: number,
): Promise<Pick<Ledger, 'paymentSeconds' | 'statementMilliseconds'>> {
  const { admin, beside, system } = bed;
  const billing = await openBillingSystem(system.basePort);
  const paymentSeconds: number[] = [];
  const day = Date.now().toString(36).toUpperCase();
  await countStatements(admin, true);
  try {
    for (let n = 0; n < count; n += 1) {
      const [feeder, person] = [n % beside.feeders, Math.floor(n / beside.feeders) % beside.peopleEach];
      const accountNumber = besideAccount(beside, feeder, person);
      const say = () => billing.sayPayments([{ accountNumber, reference: `${day}-${n}`, amountPaise: 10_000 }]);
      paymentSeconds.push(await untilSubmitted(bed, say, besideHandset(beside, feeder, person)));
      await wait(BETWEEN_PAYMENTS_MS);
    }
  } finally {
    await billing.close();
  }
  const stages = await statementSeconds(admin);
  await countStatements(admin, false);
  const seconds = [...stages].reduce((sum, [stage, each]) => (stage === COMMITS ? sum : sum + each), 0);
  return { paymentSeconds, statementMilliseconds: (seconds * MILLISECONDS) / count };
}

/** Seconds from the moment at which something begins to be said until the sink has a text of it. */
async function untilSubmitted({ sink }: Bed, say: () => Promise<void>, handset: string): Promise<number> {
  const place = await sink.end();
  const began = monotonicSeconds();
  await say();
  while (monotonicSeconds() < began + GIVE_UP_AFTER_S) {
    await wait(LOOK_EVERY_MS);
    if ((await sink.end()) <= place) continue;
    const submit = (await sink.since(place)).find((one) => one.handset === handset);
    if (submit !== undefined) return submit.at - began;
  }
  throw new Error(`a payment was not submitted within ${GIVE_UP_AFTER_S} s`);
}

/** Copies a district's run to one day after the other until the ledger has so many rows. @returns the rows that it has. */
async function makeHistory({ notifier, system }: Bed, runId: string, wanted: number): Promise<number> {
  const { bavail, bsize } = await statfs(system.dataFolder);
  if (bavail * bsize < wanted * OCTETS_A_ROW)
    throw new Error(`${wanted} rows want ${Math.ceil((wanted * OCTETS_A_ROW) / 2 ** 30)} GiB of disk, there is less`);
  await openPastDays(notifier, DAYS);
  const copyToPast = await copierOf(notifier, runId);
  const copies = Math.ceil(wanted / (await contactsOf(notifier, runId)));
  let rows = 0;
  for (let copy = 0; copy < copies; copy += 1) rows += await copyToPast(1 + Math.floor((copy * DAYS) / copies));
  return rows;
}
