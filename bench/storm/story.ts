import { setTimeout as wait } from 'node:timers/promises';
import { type BillingSystem, openBillingSystem, type Posting } from '../billing-system.ts';
import type { Opened } from '../control-room.ts';
import { besideAccount, besideFeeder, transformerCodes } from '../district.ts';
import { makeBills, sayBills } from '../month-of-bills.ts';
import type { Bed } from '../test-bed.ts';
import type { People } from './people.ts';

/** How large a storm is, and when what of it happens: seconds after it began. */
export type StormPlan = {
  readonly outages: number;
  readonly reportedBy: number;
  /** Each third outage has a new time from here to there. */
  readonly moved: Stretch;
  /** Each tenth is expected back at the next whole minute after this, and is not. */
  readonly passes: number;
  /** All are over one after the other from here to there. */
  readonly restored: Stretch;
  readonly planned: number;
  readonly complaints: Stretch & { readonly count: number };
  readonly payments: Stretch & { readonly count: number };
};
type Stretch = { readonly from: number; readonly to: number };

/** A version of an outage as it was said. Instants are milliseconds since 1970; `until` is when supply is expected back. */
type Said = {
  readonly version: number;
  readonly askedAt: number;
  readonly saidAt: number;
  readonly until: number;
};

/** What was said of an outage. */
export type ToldOutage = {
  readonly id: string;
  readonly nodes: readonly string[];
  readonly times: readonly Said[];
  readonly restored: Said;
};

/** Something said of one account. */
export type AccountWord = { readonly accountNumber: string; readonly saidAt: number };

/** Everything that was said in a storm, and when. */
export type Story = {
  readonly beganAt: number;
  readonly outages: readonly ToldOutage[];
  readonly planned: { readonly id: string; readonly saidAt: number };
  readonly complaints: readonly AccountWord[];
  readonly payments: readonly AccountWord[];
  readonly bills: { readonly count: number; readonly saidAt: number };
};

const [SECOND_MS, MINUTE_MS, HOUR_MS] = [1_000, 60_000, 3_600_000];
const [COMPLAINT, CREATED] = [4, 201];
/** Hours from a report until supply is expected back, and from the news of another time. */
const HOURS = { usual: 8, moved: 5 };
const [MOVED_EACH, PASSES_EACH, PASSES_FIRST] = [3, 10, 1];
/** Outages are over in another order than they were reported: each so many further on. */
const RESTORED_STRIDE = 7;
/** Who pays is among those whose bills are next when the storm begins: these shares of all bills. */
const PAYERS = { from: 0.013, to: 0.035 };

/**
 * Says a month's bills, waits until all of them are planned, and plays a storm. Who complains or pays is one of the people. Resolves when the
 * last outage is said to be over.
 */
export async function playStorm(bed: Bed, plan: StormPlan, people: People): Promise<Story> {
  const bills = await makeBills(bed);
  const saidAt = Date.now();
  await sayBills(bed, bills);
  const accounts = new Set([...people.values()].flatMap((connections) => connections.map(({ account }) => account)));
  const reaching = bills.filter(({ accountNumber }) => accounts.has(accountNumber));
  const billing = await openBillingSystem(bed.system.basePort);
  try {
    return await playOutages(bed, plan, billing, { count: bills.length, reaching, saidAt });
  } finally {
    await billing.close();
  }
}

/** `reaching`: those of an account whose people can be told. */
type Bills = { readonly count: number; readonly reaching: readonly Posting[]; readonly saidAt: number };

async function playOutages(bed: Bed, plan: StormPlan, billing: BillingSystem, bills: Bills): Promise<Story> {
  const beganAt = Date.now();
  const at = clockFrom(beganAt);
  const outages = outagesOf(plan).map((outage) => playOutage(bed, plan, outage, at));
  const planned = at(plan.planned).then(async () => {
    const { id } = await bed.control.announce([besideFeeder(0)]);
    return { id, saidAt: Date.now() };
  });
  const complaints = spread(plan.complaints).map(async (second, n) => {
    await at(second);
    return await lodge(bed, complainant(bed, bills.reaching, n));
  });
  const payments = spread(plan.payments).map(async (second, n) => {
    await at(second);
    const bill = payer(bills.reaching, n / plan.payments.count);
    const saidAt = Date.now();
    await billing.sayPayments([{ ...bill, reference: `P-${bill.reference}` }]);
    return { accountNumber: bill.accountNumber, saidAt };
  });
  return {
    ...{ beganAt, bills: { count: bills.count, saidAt: bills.saidAt } },
    outages: await Promise.all(outages),
    planned: await planned,
    complaints: await Promise.all(complaints),
    payments: await Promise.all(payments),
  };
}

type Clock = (second: number) => Promise<void>;

function clockFrom(beganAt: number): Clock {
  return async (second) => {
    await wait(Math.max(0, beganAt + second * SECOND_MS - Date.now()));
  };
}

type PlannedOutage = {
  readonly nodes: readonly string[];
  readonly reportedAt: number;
  readonly movedAt: number | null;
  readonly passes: boolean;
  readonly restoredAt: number;
};

/** When what of each outage is said: each has its share of the district's transformers. */
function outagesOf({ outages, reportedBy, moved, restored }: StormPlan): PlannedOutage[] {
  const each = Math.floor(transformerCodes.length / outages);
  const along = ({ from, to }: Stretch, share: number): number => from + (to - from) * share;
  return Array.from({ length: outages }, (_, n) => ({
    nodes: transformerCodes.slice(n * each, (n + 1) * each),
    reportedAt: (n * reportedBy) / outages,
    movedAt: n % MOVED_EACH === 0 ? along(moved, n / outages) : null,
    passes: n % PASSES_EACH === PASSES_FIRST,
    restoredAt: along(restored, ((n * RESTORED_STRIDE) % outages) / Math.max(1, outages - 1)),
  }));
}

async function playOutage(
  { control }: Bed,
  { passes }: StormPlan,
  outage: PlannedOutage,
  at: Clock,
): Promise<ToldOutage> {
  const { nodes, movedAt } = outage;
  await at(outage.reportedAt);
  const until = wholeMinute(outage.passes ? passes * SECOND_MS : HOURS.usual * HOUR_MS);
  const [opened, reported] = await said(until, () => control.report(nodes, until));
  const times = [reported];
  if (movedAt !== null && movedAt < outage.restoredAt) {
    await at(movedAt);
    const later = wholeMinute((HOURS.usual + HOURS.moved) * HOUR_MS);
    const [, moved] = await said(later, () => control.moveTime(opened, later));
    times.push(moved);
  }
  await at(outage.restoredAt);
  const [, restored] = await said(until, () => control.restore(opened));
  return { id: opened.id, nodes, times, restored };
}

async function said(until: Date, say: () => Promise<Opened>): Promise<[Opened, Said]> {
  const askedAt = Date.now();
  const opened = await say();
  return [opened, { version: opened.version, askedAt, saidAt: Date.now(), until: until.getTime() }];
}

/** The next whole minute after so many milliseconds: a text names no seconds. */
function wholeMinute(ms: number): Date {
  return new Date(Math.ceil((Date.now() + ms) / MINUTE_MS) * MINUTE_MS);
}

/** So many moments, evenly from one to another. */
function spread({ from, to, count }: Stretch & { readonly count: number }): number[] {
  return Array.from({ length: count }, (_, n) => from + ((to - from) * n) / count);
}

/** Every second one who complains is beside the district, where nothing is off. */
function complainant({ beside }: Bed, bills: readonly Posting[], n: number): string {
  const inDistrict = bills[Math.floor((bills.length * (n + 1)) / 64)]?.accountNumber ?? '';
  return n % 2 === 0 ? inDistrict : besideAccount(beside, 1, n);
}

async function lodge({ system }: Bed, accountNumber: string): Promise<AccountWord> {
  const answer = await fetch(`http://127.0.0.1:${system.basePort + COMPLAINT}/v1/complaints`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ accountNumber, kind: 'no-supply' }),
  });
  const saidAt = Date.now();
  if (answer.status !== CREATED) console.error(`a complaint was answered ${answer.status}: ${await answer.text()}`);
  return { accountNumber, saidAt };
}

function payer(bills: readonly Posting[], share: number): Posting {
  const bill = bills[Math.floor(bills.length * (PAYERS.from + (PAYERS.to - PAYERS.from) * share))];
  if (bill === undefined) throw new Error('there are no bills');
  return bill;
}
