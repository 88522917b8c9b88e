import { query, type Transaction } from '@bijli/postgres';

/** A connection as the registry tells it; the number is null when it is erased. */
export type HeardConnection = {
  readonly id: string;
  readonly version: number;
  readonly accountNumber: string | null;
  /** Numbers that it had before; none when it is erased. */
  readonly formerNumbers: readonly string[];
};

/** Numbers and the ids of their accounts, place by place, as PostgreSQL writes arrays: what goes back to it as it came is not taken apart. */
export type NumbersOfAccounts = { readonly numbers: string; readonly ids: string };

/**
 * Of connections that were told, those of which only older versions were known, or nothing: the erased ones, and the numbers of the others,
 * old ones too.
 */
export type ConnectionNews = NumbersOfAccounts & { readonly erased: readonly string[] };

/** Stores what was told of connections, each at most once, and says what was news. Account rows are locked, in the order of ids. */
export async function upsertConnections(
  tx: Transaction,
  connections: readonly HeardConnection[],
): Promise<ConnectionNews> {
  const [news] = await query<ConnectionNews>(
    tx,
    `with news as (
       insert into account as known (id, heard_version, account_number)
       select * from unnest(:ids::uuid[], :versions::bigint[], :accountNumbers::text[]) as heard (id, heard_version, account_number) order by id
       on conflict (id) do update set heard_version = excluded.heard_version, account_number = excluded.account_number
        where excluded.heard_version > known.heard_version
       returning id, account_number),
     numbers as (
       select id, account_number from news where account_number is not null
       union all
       select id, former.account_number from unnest(:formerIds::uuid[], :formerNumbers::text[]) as former (id, account_number) join news using (id))
     select coalesce((select array_agg(id) from news where account_number is null), '{}') as erased,
            coalesce(array_agg(account_number), '{}')::text as numbers, coalesce(array_agg(id), '{}')::text as ids
       from numbers`,
    {
      ids: connections.map(({ id }) => id),
      versions: connections.map(({ version }) => version),
      accountNumbers: connections.map(({ accountNumber }) => accountNumber),
      formerIds: connections.flatMap(({ id, formerNumbers }) => formerNumbers.map(() => id)),
      formerNumbers: connections.flatMap(({ formerNumbers }) => formerNumbers),
    },
  );
  if (news === undefined) throw new Error('a query for one row gave none');
  return news;
}

/** Lets numbers lead to their accounts and gives back those that did not before and that something waits for. */
export async function addNumbers(tx: Transaction, { numbers, ids }: NumbersOfAccounts): Promise<string[]> {
  const rows = await query<{ account_number: string }>(
    tx,
    // offset 0: each number is looked up, where the planner would read all that waits. distinct on: one statement may touch a row once, also where two accounts had one number. It leads to the younger one.
    `with added as (
       insert into account_number as known (account_number, account_id)
       select distinct on (account_number) account_number, account_id
         from unnest(:numbers::text[], :ids::uuid[]) as news (account_number, account_id) order by account_number, account_id desc
       on conflict (account_number) do update set account_id = excluded.account_id where known.account_id <> excluded.account_id
       returning account_number)
     select account_number from added
      where exists (select from waiting_event w where w.account_number = added.account_number and w.reason = 'unknown-account' offset 0)`,
    { numbers, ids },
  );
  return rows.map(({ account_number }) => account_number);
}

/** Forgets every number of accounts whose connection is erased. Their entries stay. */
export async function eraseNumbers(tx: Transaction, accountIds: readonly string[]): Promise<void> {
  await query(tx, 'delete from account_number where account_id = any(:accountIds::uuid[])', { accountIds });
  await query(
    tx,
    'update account set account_number = null where id = any(:accountIds::uuid[]) and account_number is not null',
    { accountIds },
  );
}
