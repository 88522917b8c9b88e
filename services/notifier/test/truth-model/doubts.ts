import { type Database, query } from '@bijli/postgres';
import { blindIndex, parseMobileNumber } from '@bijli/units';
import { blindIndexKey } from '../town-of-six.ts';

/** What a text may have told, though no handset holds it. */
export type Doubt = {
  readonly mobile: string;
  /** The last digits of the connection that it names; null: any of the mobile's. */
  readonly account: string | null;
  readonly kinds: readonly ('off' | 'window')[];
};

/**
 * Tells whether the ledger has such a text in doubt. One that was written ahead by a process that died at once never left, and nobody can know:
 * its mobile is told as if it had heard it (PROTOCOL.md, step 7).
 */
export async function isInDoubt(db: Database, { mobile, account, kinds }: Doubt): Promise<boolean> {
  const parsed = parseMobileNumber(mobile);
  if (!parsed.ok) return false;
  const rows = await query(
    db,
    `select from ledger l
       join message_state m on m.run_id = l.run_id and m.chunk_no = l.chunk_no and m.seq = l.seq
       join run_claim k on k.run_id = l.run_id and k.claim_no = coalesce(l.claim_no, 1)
      where l.mobile_index = :index::bigint and l.fate in ('carrier', 'coalesced') and m.state = 'ambiguous'
        and k.kind = any(:kinds::text[]) and l.account_number like '%' || :account::text limit 1`,
    { index: blindIndex(blindIndexKey, parsed.number).toString(), kinds, account: account ?? '' },
  );
  return rows.length > 0;
}
