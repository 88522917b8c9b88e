import { type Database, query } from '@bijli/postgres';
import { blindIndex, parseMobileNumber } from '@bijli/units';
import { blindIndexKey } from '../town-of-six.ts';

/** What a text may have told, though no handset holds it. */
export type Doubt = {
  readonly mobile: string;
  /** The last digits of the account that it names; null where it may be any account of the mobile. */
  readonly account: string | null;
  readonly kinds: readonly ('off' | 'on' | 'window' | 'no-window')[];
};

/** What only the ledger knows of a text. */
export type Known = {
  isInDoubt(doubt: Doubt): Promise<boolean>;
  isOfAnotherOutage(text: Omit<Doubt, 'kinds'>): Promise<boolean>;
};

/** Opens what the ledger knows. */
export function openKnown(db: Database): Known {
  return { isInDoubt: (doubt) => isInDoubt(db, doubt), isOfAnotherOutage: (text) => isOfAnotherOutage(db, text) };
}

/**
 * Tells whether the ledger has such a text in doubt. One that was written ahead by a process that died at once never left, and nobody can know:
 * its mobile is told as if it had heard it (PROTOCOL.md, step 7).
 */
async function isInDoubt(db: Database, { mobile, account, kinds }: Doubt): Promise<boolean> {
  const rows = await query(
    db,
    `select from ledger l
       join message_state m on m.run_id = l.run_id and m.chunk_no = l.chunk_no and m.seq = l.seq
       join run_claim k on k.run_id = l.run_id and k.claim_no = coalesce(l.claim_no, 1)
      where l.mobile_index = :index::bigint and l.fate in ('carrier', 'coalesced') and m.state = 'ambiguous'
        and k.kind = any(:kinds::text[]) and l.account_number like '%' || :account::text limit 1`,
    { index: indexOf(mobile), kinds, account: account ?? '' },
  );
  return rows.length > 0;
}

/** Tells whether a text that a mobile is off was made by the run of another outage than the one that keeps it off. */
async function isOfAnotherOutage(db: Database, { mobile, account }: Omit<Doubt, 'kinds'>): Promise<boolean> {
  const rows = await query(
    db,
    `select from ledger l
       join run r on r.run_id = l.run_id
       join run_claim k on k.run_id = l.run_id and k.claim_no = l.claim_no
      where l.mobile_index = :index::bigint and l.fate in ('carrier', 'coalesced') and l.account_number like '%' || :account::text
        and k.kind = 'off' and 'outage:' || k.outage_id <> r.thread_id limit 1`,
    { index: indexOf(mobile), account: account ?? '' },
  );
  return rows.length > 0;
}

function indexOf(mobile: string): string {
  const parsed = parseMobileNumber(mobile);
  if (!parsed.ok) throw new Error(`${mobile} is no mobile number`);
  return blindIndex(blindIndexKey, parsed.number).toString();
}
