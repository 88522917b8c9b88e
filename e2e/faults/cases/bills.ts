import { until } from '@bijli/testing/until';
import { atMost, exactly, type FaultCase, type Finding, sumUp, told } from '../fault-case.ts';
import { ask, countOf } from '../ledger.ts';
import { type Arrival, arrived, timesByMobile } from '../smsc-log.ts';
import { behave, textsOf } from '../story.ts';
import type { FaultSystem } from '../system.ts';
import { type Bill, billsOf, isTaken, postAll } from '../writes.ts';

const AT_ONCE = 24;

/** Enters bills. @returns how many were taken. */
export async function postBills(bills: readonly Bill[]): Promise<number> {
  const answers = await postAll(
    bills.map(({ bill }) => bill),
    AT_ONCE,
  );
  return answers.filter(isTaken).length;
}

/** Waits until what was entered under these numbers is planned, and everything that was planned is over. */
export async function untilBilled(system: FaultSystem, references: readonly string[]): Promise<void> {
  const planned = 'select count(distinct reference)::int as n from ledger where reference = any($1)';
  const open = 'select count(*)::int as n from run where ended_at is null';
  const count = (sql: string, values: readonly unknown[] = []) => countOf(system.database('notifier'), sql, values);
  await until(async () => (await count(planned, [references])) === references.length && (await count(open)) === 0, {
    deadlineMs: 240_000,
    describe: 'every bill to be told',
  });
}

/** Compares what handsets got of bills with those that must be told, mobile by mobile. */
export function judgeBills(system: FaultSystem, bills: readonly Bill[], mark: number): Finding[] {
  const times = timesByMobile(textsOf(system, { mark }, 'bill'));
  const timesOf = ({ mobile }: Bill): number => times.get(mobile) ?? 0;
  const known = new Set(bills.map(({ mobile }) => mobile));
  return [
    told(`${bills.length} bills`),
    exactly('told once', bills.filter((one) => timesOf(one) === 1).length, bills.length),
    exactly('strangers told', [...times.keys()].filter((mobile) => !known.has(mobile)).length, 0),
  ];
}

const FALSE_MS = 2_000; // P6
const BILLS = 400;
const PAID = 200;
const ANSWER_MS = 2_000;
/** Fewer that were paid in time would show little. */
const LEAST_SPARED = 100;

export const paidBills: FaultCase = {
  name: `${PAID} of ${BILLS} bills paid while the SMSC answers after ${ANSWER_MS / 1_000} s`,
  promise: 'P3, P6: nobody is told to pay later than 2 s after paying',
  isQuick: false,
  play: async (system) => {
    const mark = system.smsc.mark();
    await behave(system, { answerDelayMs: ANSWER_MS });
    const bills = billsOf(system, { from: 1_500, count: BILLS });
    const taken = await postBills(bills);
    const paid = bills.slice(-PAID);
    const payments = paid.map(({ payment }) => payment);
    await postAll(payments, AT_ONCE);
    await behave(system, {});
    await untilBilled(
      system,
      [...bills, ...payments].map(({ reference }) => reference),
    );
    const texts = textsOf(system, { mark }, 'bill');
    const late = await latenessOf(system, paid, texts);
    const spared = paid.filter(({ mobile }) => !texts.some((text) => text.mobile === mobile));
    const thanked = timesByMobile(textsOf(system, { mark }, 'payment'));
    return sumUp([
      exactly('bills taken', taken, BILLS),
      {
        what: `${spared.length} paid before they were told (at least ${LEAST_SPARED})`,
        isSo: spared.length >= LEAST_SPARED,
      },
      atMost('from a payment heard to the last text that asks for it', late, FALSE_MS, ' ms'),
      exactly('of those who paid told of it once', paid.filter(({ mobile }) => thanked.get(mobile) === 1).length, PAID),
      exactly('told twice to pay', arrived(texts).length - new Set(texts.map(({ mobile }) => mobile)).size, 0),
      ...judgeUnpaid(bills.slice(0, -PAID), texts),
    ]);
  },
};

function judgeUnpaid(unpaid: readonly Bill[], texts: readonly Arrival[]): Finding[] {
  const times = timesByMobile(texts);
  return [
    exactly(
      'of those who did not pay told once',
      unpaid.filter(({ mobile }) => times.get(mobile) === 1).length,
      unpaid.length,
    ),
  ];
}

/** The most that a text of a bill came after the notifier had heard that it is paid, milliseconds. */
async function latenessOf(system: FaultSystem, paid: readonly Bill[], texts: readonly Arrival[]): Promise<number> {
  const sql = `select l.reference, r.planned_at from ledger l join run r using (run_id) where l.reference = any($1)`;
  const rows = await ask<{ reference: string; planned_at: Date }>(system.database('notifier'), sql, [
    paid.map(({ payment }) => payment.reference),
  ]);
  const heardAt = new Map(rows.map(({ reference, planned_at: at }) => [reference, at.getTime()]));
  const byMobile = new Map(paid.map(({ mobile, payment }) => [mobile, heardAt.get(payment.reference)]));
  return texts.reduce((most, { mobile, at }) => Math.max(most, at - (byMobile.get(mobile) ?? at)), 0);
}
