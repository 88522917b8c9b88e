import type { Transaction } from '@bijli/postgres';
import type { AudienceRow } from '../domain/audience-row.ts';

/** The state of one connection at one version. */
export interface AudienceChange {
  connectionId: string;
  version: number;
  rows: readonly AudienceRow[];
}

/**
 * This function will replace the contacts of each connection whose version is newer than the stored one, inside the
 * caller's transaction. Older and equal versions do nothing, so a repeat is harmless.
 */
export async function replaceAudience(tx: Transaction, changes: readonly AudienceChange[]): Promise<void> {
  const fresh = await claimNewer(tx, changes);
  if (fresh.size === 0) return;
  await tx.raw('delete from audience where connection_id = any(cast(:fresh as uuid[]))', { fresh: [...fresh] });
  await insertRows(
    tx,
    changes.filter((change) => fresh.has(change.connectionId)).flatMap((change) => change.rows),
  );
}

/** This function will forget connections that were erased, inside the caller's transaction. */
export async function forgetAudience(tx: Transaction, connectionIds: readonly string[]): Promise<void> {
  await tx.raw('delete from audience where connection_id = any(cast(:connectionIds as uuid[]))', { connectionIds });
}

async function claimNewer(tx: Transaction, changes: readonly AudienceChange[]): Promise<Set<string>> {
  const { rows } = (await tx.raw(
    `insert into audience_version as v (connection_id, version)
     select * from unnest(cast(:ids as uuid[]), cast(:versions as bigint[]))
     on conflict (connection_id) do update set version = excluded.version where excluded.version > v.version
     returning connection_id`,
    { ids: changes.map((change) => change.connectionId), versions: changes.map((change) => change.version) },
  )) as { rows: { connection_id: string }[] };
  return new Set(rows.map((row) => row.connection_id));
}

async function insertRows(tx: Transaction, rows: readonly AudienceRow[]): Promise<void> {
  await tx.raw(
    `insert into audience (connection_id, contact_no, node_id, account_number, is_critical, connection_state,
                           mobile_index, sealed_number, seal_key_id, number_state, language, wants_outages, wants_billing, wants_complaints)
     select * from unnest(cast(:connectionIds as uuid[]), cast(:contactNos as int[]), cast(:nodeIds as text[]),
                          cast(:accountNumbers as text[]), cast(:criticals as bool[]), cast(:states as text[]),
                          cast(:indexes as bigint[]), cast(:seals as bytea[]), cast(:keyIds as text[]),
                          cast(:numberStates as text[]), cast(:languages as text[]), cast(:wantsOutages as bool[]),
                          cast(:wantsBilling as bool[]), cast(:wantsComplaints as bool[]))`,
    {
      connectionIds: rows.map((row) => row.connectionId),
      contactNos: rows.map((row) => row.contactNo),
      nodeIds: rows.map((row) => row.nodeId),
      accountNumbers: rows.map((row) => row.accountNumber),
      criticals: rows.map((row) => row.isCritical),
      states: rows.map((row) => row.connectionState),
      indexes: rows.map((row) => row.mobileIndex.toString()),
      seals: rows.map((row) => row.sealedNumber),
      keyIds: rows.map((row) => row.sealKeyId),
      numberStates: rows.map((row) => row.numberState),
      languages: rows.map((row) => row.language),
      wantsOutages: rows.map((row) => row.wantsOutages),
      wantsBilling: rows.map((row) => row.wantsBilling),
      wantsComplaints: rows.map((row) => row.wantsComplaints),
    },
  );
}
