import { query, type Transaction } from '@bijli/postgres';

/** A connection as the registry tells it; the number is null when it is erased. */
export type HeardConnection = {
  readonly id: string;
  readonly version: number;
  readonly accountNumber: string | null;
};

/**
 * This function will store what was told of connections, each at most once, and give back those of which it knew only older versions, or
 * nothing. Their account rows are locked, in the order of ids.
 */
export async function upsertConnections(
  tx: Transaction,
  connections: readonly HeardConnection[],
): Promise<HeardConnection[]> {
  const rows = await query<{ id: string; heard_version: string; account_number: string | null }>(
    tx,
    `insert into account as known (id, heard_version, account_number)
     select * from unnest(?::uuid[], ?::bigint[], ?::text[]) as heard (id, heard_version, account_number) order by id
     on conflict (id) do update set heard_version = excluded.heard_version, account_number = excluded.account_number
      where excluded.heard_version > known.heard_version
     returning id, heard_version, account_number`,
    [
      connections.map(({ id }) => id),
      connections.map(({ version }) => version),
      connections.map(({ accountNumber }) => accountNumber),
    ],
  );
  return rows.map(({ id, heard_version, account_number }) => ({
    id,
    version: Number(heard_version),
    accountNumber: account_number,
  }));
}

/** This function will let numbers lead to their accounts and give back those that did not before. A number leads to who had it last. */
export async function addNumbers(
  tx: Transaction,
  /** Ids of accounts, by number. */
  numbers: ReadonlyMap<string, string>,
): Promise<string[]> {
  const rows = await query<{ account_number: string }>(
    tx,
    `insert into account_number as known (account_number, account_id)
     select * from unnest(?::text[], ?::uuid[])
     on conflict (account_number) do update set account_id = excluded.account_id where known.account_id <> excluded.account_id
     returning account_number`,
    [[...numbers.keys()], [...numbers.values()]],
  );
  return rows.map(({ account_number }) => account_number);
}

/** This function will forget every number of accounts whose connection is erased. Their entries stay. */
export async function eraseNumbers(tx: Transaction, accountIds: readonly string[]): Promise<void> {
  await query(tx, 'delete from account_number where account_id = any(?::uuid[])', [accountIds]);
  await query(tx, 'update account set account_number = null where id = any(?::uuid[]) and account_number is not null', [
    accountIds,
  ]);
}
