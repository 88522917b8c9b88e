import { type AccountEvent, accountEventValues, PoisonMessageError } from '@bijli/events';
import type { Heard } from '@bijli/outbox';
import type { Transaction } from '@bijli/postgres';
import { accountNews } from '../domain/account-news.ts';
import { type PlanPersonalInput, planPersonalNews } from '../plan/plan-personal-news.ts';
import { type OnUnknown, tellUnknown } from './unknown-words.ts';

const KNOWN = { type: accountEventValues.type };

/** Makes the handler that plans the texts of bills and payments, many in one run. */
export function onAccount({ onUnknown, ...input }: PlanPersonalInput & { onUnknown?: OnUnknown }) {
  return (tx: Transaction, heard: readonly Heard<AccountEvent>[]): Promise<void> => {
    // The registered text of a bill names the last day to pay; without one it could not be filled when it is sent.
    if (heard.some(({ event }) => event.type === 'BillGenerated' && event.dueOn === null))
      throw new PoisonMessageError('refused', 'dueOn: missing (a bill names the last day to pay it)');
    for (const { event } of heard) tellUnknown(event, KNOWN, (words) => onUnknown?.('account', words));
    return planPersonalNews(tx, heard, accountNews, input);
  };
}
