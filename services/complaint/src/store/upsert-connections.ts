import { query, type Transaction } from '@bijli/postgres';

/** A connection as the registry tells it; `accountNumber` null when it is erased, `nodeCode` null where it is not mapped. */
export type Connection = {
  readonly connectionId: string;
  readonly version: number;
  readonly accountNumber: string | null;
  readonly formerAccountNumbers: readonly string[];
  readonly nodeCode: string | null;
  readonly state: string;
};

/**
 * Stores connections, each id at most once, and leaves alone those of which it knows the same or a newer version.
 * Former numbers are those that the registry names, and the one that was known until now: a registry of before names none. Of an erased
 * connection its id and version stay, so that a late event does not bring it back.
 */
export async function upsertConnections(tx: Transaction, connections: readonly Connection[]): Promise<void> {
  await query(
    tx,
    // distinct on: one statement may touch a row once, also where two connections had one number.
    `with told as (
       insert into connection as known (connection_id, version, account_number, node_code, state)
       select * from unnest(:ids::uuid[], :versions::bigint[], :accountNumbers::text[], :nodeCodes::text[], :states::text[])
       on conflict (connection_id) do update
         set version = excluded.version, account_number = excluded.account_number, node_code = excluded.node_code, state = excluded.state
       where excluded.version > known.version
       returning old.account_number as former, new.account_number as present, new.connection_id),
     formers as (
       select former, connection_id from told where former <> present
       union all
       select named.former, connection_id from unnest(:formerIds::uuid[], :formerNumbers::text[]) as named (connection_id, former) join told using (connection_id))
     insert into former_account_number (account_number, connection_id)
     select distinct on (former) former, connection_id from formers order by former, connection_id
     on conflict (account_number) do update set connection_id = excluded.connection_id`,
    {
      ids: connections.map(({ connectionId }) => connectionId),
      versions: connections.map(({ version }) => version),
      accountNumbers: connections.map(({ accountNumber }) => accountNumber),
      nodeCodes: connections.map(({ nodeCode }) => nodeCode),
      states: connections.map(({ state }) => state),
      formerIds: connections.flatMap(({ connectionId, formerAccountNumbers }) =>
        formerAccountNumbers.map(() => connectionId),
      ),
      formerNumbers: connections.flatMap(({ formerAccountNumbers }) => formerAccountNumbers),
    },
  );
  const erased = connections.filter(({ accountNumber }) => accountNumber === null);
  if (erased.length > 0)
    await forgetFormerNumbers(
      tx,
      erased.map(({ connectionId }) => connectionId),
    );
}

/** Forgets connections whose owner erased them. */
export async function deleteConnections(tx: Transaction, connectionIds: readonly string[]): Promise<void> {
  await forgetFormerNumbers(tx, connectionIds);
  await query(tx, 'delete from connection where connection_id = any(:connectionIds::uuid[])', { connectionIds });
}

async function forgetFormerNumbers(tx: Transaction, connectionIds: readonly string[]): Promise<void> {
  await query(tx, 'delete from former_account_number where connection_id = any(:connectionIds::uuid[])', {
    connectionIds,
  });
}
