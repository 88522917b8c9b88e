import type { Account } from '../smsc/account.ts';

/** What every endpoint works with. */
export type HttpContext = {
  readonly account: Account;
  readonly pduLogPath: string;
  readonly connections: () => number;
};
