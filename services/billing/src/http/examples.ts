import { istDay } from '@bijli/units';

const DAY_MS = 24 * 3_600_000;
/** Usual days from a bill to its due date. */
const TERM_DAYS = 15;

/** An account of the demonstration town. */
export const exampleAccount = { accountNumber: '4100000005' };

/** Makes a bill of today for the API page: sent again on the same day it is the same bill. `series` begins its number. */
export function exampleBill(now: Date, series = 'BILL') {
  return {
    ...exampleAccount,
    reference: `${series}-${istDay(now)}`,
    amountPaise: 145_050,
    issuedOn: istDay(now),
    dueOn: istDay(new Date(now.getTime() + TERM_DAYS * DAY_MS)),
  };
}

/** Makes a payment of today for the API page. */
export function examplePayment(now: Date, series = 'PAID') {
  return { ...exampleAccount, reference: `${series}-${istDay(now)}`, amountPaise: 100_000 };
}
