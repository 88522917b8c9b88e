import { type Database, query, type Transaction } from '@bijli/postgres';
import type { ConnectionFacts } from '../domain/complaint.ts';

/** A connection and where it hangs; null where it is not mapped. */
export type FoundConnection = ConnectionFacts & { readonly nodeCode: string | null };
type Row = {
  readonly connection_id: string;
  readonly account_number: string;
  readonly state: string;
  readonly node_code: string | null;
};

/**
 * Finds a connection by its account number or by one that it had before; null where nobody has it. Whoever has it now
 * comes before whoever had it.
 */
export async function findConnection(
  on: Database | Transaction,
  accountNumber: string,
): Promise<FoundConnection | null> {
  const [row] = await query<Row>(
    on,
    `select connection_id, account_number, state, node_code, false as was_theirs from connection where account_number = :accountNumber
     union all
     select c.connection_id, c.account_number, c.state, c.node_code, true
       from former_account_number f join connection c using (connection_id) where f.account_number = :accountNumber
      order by was_theirs limit 1`,
    { accountNumber },
  );
  if (row === undefined) return null;
  const { connection_id, account_number, state, node_code } = row;
  return { connectionId: connection_id, accountNumber: account_number, state, nodeCode: node_code };
}
