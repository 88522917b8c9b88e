import { expect } from '@jest/globals';
import { type Database, query, withTransaction } from '@bijli/postgres';
import { newId } from '@bijli/units';
import type { Posting } from '../src/domain/account.ts';
import { type Outcome, outcomeOf } from '../src/domain/outcome.ts';
import { enterPostings } from '../src/flows/enter-postings.ts';
import { keepConnections } from '../src/flows/keep-connections.ts';
import type { ReceivedPosting } from '../src/flows/received-posting.ts';
import { untraced } from '@bijli/tracing';

/** When what a test posts happens and is heard. */
export const heardAt = new Date('2026-01-30T12:00:00Z');

let numbers = 0;
/** A number that no other test of this process uses. */
export function freshNumber(): string {
  numbers += 1;
  return String(4_100_000_000 + numbers);
}

const facts = { amountPaise: null, issuedOn: null, dueOn: null, occurredAt: heardAt, isDated: true };

/** Postings of one account, as a test writes them. */
export function postingsOn(accountNumber: string) {
  const make = (type: Posting['type'], reference: string, more: Partial<Posting> = {}): Posting => ({
    eventId: newId(),
    type,
    accountNumber,
    reference,
    ...facts,
    ...more,
  });
  const dates = { issuedOn: '2026-01-30', dueOn: '2026-02-14' };
  return {
    bill: (reference: string, amountPaise: number) => make('BillGenerated', reference, { amountPaise, ...dates }),
    payment: (reference: string, amountPaise: number) => make('PaymentReceived', reference, { amountPaise }),
    reversal: (reference: string) => make('PaymentReversed', reference),
    cancellation: (reference: string) => make('BillCancelled', reference),
  };
}

/** The same posting at a later time: for the ledger another one. */
export function later(posting: Posting, minutes: number): Posting {
  return { ...posting, occurredAt: new Date(posting.occurredAt.getTime() + minutes * 60_000) };
}

/** A posting as it comes in. */
export function received(posting: Posting, more: Partial<ReceivedPosting> = {}): ReceivedPosting {
  return { posting: { ...posting, eventId: newId() }, heardAt, eventId: newId(), kept: null, ...untraced, ...more };
}

/** Lets the registry tell of a connection; resolves with its id. */
export async function connect(
  db: Database,
  accountNumber: string | null,
  id = newId(),
  version = 1,
  formerNumbers: readonly string[] = [],
): Promise<string> {
  await withTransaction(db, (tx) => keepConnections(tx, [{ id, version, accountNumber, formerNumbers }]));
  return id;
}

/** Enters postings in one transaction; resolves with what they came to. */
export async function enter(db: Database, ...postings: readonly (Posting | ReceivedPosting)[]): Promise<Outcome[]> {
  const all = postings.map((each) => ('posting' in each ? each : received(each)));
  const decided = await withTransaction(db, (tx) => enterPostings(tx, all));
  return decided.map(({ decision }) => outcomeOf(decision));
}

/** The entries of an account as texts, in order of version, and what is outstanding on its row. */
export async function ledgerOf(db: Database, accountId: string): Promise<{ entries: string[]; outstanding: number }> {
  const rows = await query<{ type: string; reference: string; amount_paise: string; outstanding_paise: string }>(
    db,
    'select * from entry where account_id = :accountId order by version',
    { accountId },
  );
  const [account] = await query<{ outstanding_paise: string }>(db, 'select * from account where id = :accountId', {
    accountId,
  });
  return {
    entries: rows.map((row) => `${row.type} ${row.reference} ${row.amount_paise} = ${row.outstanding_paise}`),
    outstanding: Number(account?.outstanding_paise),
  };
}

/** Events that wait, as texts, of one account number. */
export async function waitingOf(db: Database, accountNumber: string): Promise<string[]> {
  const rows = await query<{ type: string; reference: string; reason: string }>(
    db,
    'select * from waiting_event where account_number = :accountNumber order by id',
    { accountNumber },
  );
  return rows.map(({ type, reference, reason }) => `${type} ${reference} ${reason}`);
}

/** Whatever was done: each account row is the fold of its entries, versions have no gaps, and each entry was said once. */
export async function expectSound(db: Database): Promise<void> {
  const unsound = await query(
    db,
    `with folded as (
       select account_id, count(*) as entries, max(version) as version,
              sum(case when type in ('BillGenerated', 'PaymentReversed') then amount_paise else -amount_paise end) as outstanding_paise
         from entry group by account_id)
     select account.id from account left join folded on folded.account_id = account.id
      where account.version <> coalesce(folded.version, 0) or account.version <> coalesce(folded.entries, 0)
         or account.outstanding_paise <> coalesce(folded.outstanding_paise, 0)`,
  );
  expect(unsound).toEqual([]);
  const drifted = await query(
    db,
    `select from (
       select outstanding_paise, sum(case when type in ('BillGenerated', 'PaymentReversed') then amount_paise else -amount_paise end)
                over (partition by account_id order by version) as folded from entry) e
      where outstanding_paise <> folded`,
  );
  expect(drifted).toHaveLength(0);
  const unsaid = await query(
    db,
    `select from entry e full join outbox_event o on o.event_id = e.event_id and o.key = e.account_id::text and o.type = e.type
      where e.event_id is null or o.event_id is null`,
  );
  expect(unsaid).toHaveLength(0);
}
