/** Largest bill or payment: a billion rupees, more than any consumer of a district owes in a year. */
export const MAX_AMOUNT_PAISE = 100_000_000_000;
/** How many days ahead of our clock the billing system's may be: what it dates tomorrow is a slip of the clock, not of the pen. */
export const MAX_AHEAD_DAYS = 1;
/** Five years, with their leap days: what is older is history that somebody replays by mistake. */
export const MAX_AGE_DAYS = 5 * 365 + 2;
/** A year, if need be a leap year, from the issue of a bill to its due date. */
export const MAX_TERM_DAYS = 366;

/** Ten digits, as they stand on a bill. */
export const ACCOUNT_NUMBER = /^[0-9]{10}$/;
/** Number of a bill, or transaction id of a payment. */
export const REFERENCE = /^[A-Za-z0-9./_-]{1,40}$/;
/** Largest number of an entry: a PostgreSQL integer. */
export const MAX_VERSION = 2 ** 31 - 1;
/**
 * Most postings of one type and reference that wait on one account. A cheque is paid in twice, perhaps three times; a system that dates its
 * repeats anew each night would have them wait in heaps.
 */
export const MOST_SAID_AGAIN = 8;
