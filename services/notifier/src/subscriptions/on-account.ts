import { type AccountEvent, PoisonMessageError } from '@bijli/events';
import type { Heard } from '@bijli/outbox';
import type { Transaction } from '@bijli/postgres';
import { accountNews } from '../domain/account-news.ts';
import { type PlanPersonalInput, planPersonalNews } from '../plan/plan-personal-news.ts';

/** This function will make the handler that plans the texts of bills and payments, many in one run. */
export function onAccount(input: PlanPersonalInput) {
  return (tx: Transaction, heard: readonly Heard<AccountEvent>[]): Promise<void> => {
    // The registered text of a bill names the last day to pay; without one it could not be filled when it is sent.
    if (heard.some(({ event }) => event.type === 'BillGenerated' && event.dueOn === null))
      throw new PoisonMessageError('refused', 'dueOn: missing (a bill names the last day to pay it)');
    return planPersonalNews(tx, heard, accountNews, input);
  };
}
