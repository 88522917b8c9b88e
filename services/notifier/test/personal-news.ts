import type { AccountEvent, ComplaintEvent, OutageEvent } from '@bijli/events';
import type { Heard } from '@bijli/outbox';
import { type Database, withTransaction } from '@bijli/postgres';
import { openLog } from '@bijli/service';
import { newId } from '@bijli/units';
import { ROOT_CONTEXT } from '@opentelemetry/api';
import { onAccount } from '../src/subscriptions/on-account.ts';
import { onComplaint } from '../src/subscriptions/on-complaint.ts';
import { onOutage } from '../src/subscriptions/on-outage.ts';
import { idOf } from './town-of-six.ts';

const log = openLog('test', 'silent');

/** A bill of Rs 1,450.50 on this account. */
export function accountEvent(account: string, change: Partial<AccountEvent> = {}): AccountEvent {
  return {
    eventId: newId(),
    type: 'BillGenerated',
    occurredAt: new Date(),
    aggregateId: idOf(account),
    version: 1,
    accountNumber: account,
    reference: 'B-1',
    amountPaise: 145_050,
    outstandingPaise: 145_050,
    paymentKind: null,
    issuedOn: '2026-01-30',
    dueOn: '2099-02-25',
    ...change,
  };
}

/** A payment of the whole bill. */
export function payment(account: string, change: Partial<AccountEvent> = {}): AccountEvent {
  const paid = {
    type: 'PaymentReceived',
    reference: 'T-1',
    version: 2,
    outstandingPaise: 0,
    paymentKind: 'full',
  } as const;
  return accountEvent(account, { ...paid, issuedOn: null, dueOn: null, ...change });
}

/** A complaint that was just lodged. */
export function complaintEvent(account: string, change: Partial<ComplaintEvent> = {}): ComplaintEvent {
  return {
    eventId: newId(),
    type: 'ComplaintLodged',
    occurredAt: new Date(),
    aggregateId: '00000000-0000-7000-8000-0000000000cc',
    version: 1,
    complaintNumber: 'CMP-2026-0000042',
    connectionId: idOf(account),
    accountNumber: account,
    kind: 'no-supply',
    status: 'lodged',
    cycle: 1,
    dueAt: null,
    outageId: null,
    cause: null,
    estimatedRestorationAt: null,
    proof: null,
    ...change,
  };
}

const heard = <E>(event: E): Heard<E> => ({ event, context: ROOT_CONTEXT, receivedAt: new Date() });

/** Lets the notifier hear entries of ledgers in one batch. */
export function hearAccounts(db: Database, ...events: AccountEvent[]): Promise<void> {
  return withTransaction(db, (tx) => onAccount({ log })(tx, events.map(heard)));
}

/** Lets the notifier hear steps of complaints in one batch. */
export function hearComplaints(db: Database, ...events: ComplaintEvent[]): Promise<void> {
  return withTransaction(db, (tx) => onComplaint({ log })(tx, events.map(heard)));
}

/** Lets the notifier hear a step of an outage. */
export function hearOutage(db: Database, event: OutageEvent): Promise<void> {
  return withTransaction(db, (tx) =>
    onOutage({ largestAudience: 1_000, confirmAbove: 1_000, log })(tx, [heard(event)]),
  );
}
