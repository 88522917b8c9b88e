import { type CopyRow, copyIn, query, type Transaction } from '@bijli/postgres';
import type { AudienceRow } from '../../domain/audience-row.ts';
import { type ContactKey, type ContactState, whoMayHearLess } from '../../domain/who-may-hear-less.ts';
import type { Arrivals } from './note-arrivals.ts';

/** The state of one connection at one version. */
export type AudienceChange = {
  readonly connectionId: string;
  readonly version: number;
  readonly rows: readonly AudienceRow[];
};

/**
 * Replaces the contacts of each connection whose version is newer than the stored one, inside the
 * caller's transaction. Older and equal versions do nothing, so a repeat is harmless.
 * @returns who may have come into the scope of a run, and who may be told less than before.
 */
export async function replaceAudience(
  tx: Transaction,
  changes: readonly AudienceChange[],
): Promise<{ readonly arrivals: Arrivals; readonly hearLess: readonly ContactKey[] }> {
  const claimed = await claimNewer(tx, changes);
  const known = [...claimed].filter(([, isNew]) => !isNew).map(([connectionId]) => connectionId);
  const before = known.length > 0 ? await forgetAudience(tx, known) : [];
  const fresh = changes.filter((change) => claimed.has(change.connectionId));
  if (fresh.length > 0) await copyIn(tx, 'audience', COLUMNS, copyRows(fresh));
  const arrivals = {
    connectionIds: fresh.map(({ connectionId }) => connectionId),
    nodeIds: [...new Set(fresh.flatMap(({ rows }) => rows.map(({ nodeId }) => nodeId)))],
  };
  const isKnown = new Set(known);
  const after = fresh.flatMap(({ connectionId, rows }) => (isKnown.has(connectionId) ? rows : []));
  return { arrivals, hearLess: whoMayHearLess(before, after) };
}

/** Forgets connections, inside the caller's transaction. @returns their contacts as they were. */
export async function forgetAudience(tx: Transaction, connectionIds: readonly string[]): Promise<ContactState[]> {
  const rows = await query<Omit<ContactState, 'mobileIndex'> & { readonly mobileIndex: string }>(
    tx,
    `delete from audience where connection_id = any(:connectionIds::uuid[])
     returning connection_id as "connectionId", contact_no as "contactNo", connection_state as "connectionState",
               mobile_index::text as "mobileIndex", number_state as "numberState", wants_outages as "wantsOutages",
               wants_billing as "wantsBilling", wants_complaints as "wantsComplaints"`,
    { connectionIds },
  );
  return rows.map((row) => ({ ...row, mobileIndex: BigInt(row.mobileIndex) }));
}

/** Which connections are to be written, and whether nothing of them is there. PostgreSQL sets xmax on a row that the conflict updated. */
async function claimNewer(tx: Transaction, changes: readonly AudienceChange[]): Promise<Map<string, boolean>> {
  const rows = await query<{ connection_id: string; is_new: boolean }>(
    tx,
    `insert into audience_version as v (connection_id, version)
     select * from unnest(:connectionIds::uuid[], :versions::bigint[])
     on conflict (connection_id) do update set version = excluded.version where excluded.version > v.version
     returning connection_id, xmax = 0 as is_new`,
    { connectionIds: changes.map(({ connectionId }) => connectionId), versions: changes.map(({ version }) => version) },
  );
  return new Map(rows.map((row) => [row.connection_id, row.is_new]));
}

const COLUMNS = [
  'connection_id',
  'contact_no',
  'node_id',
  'account_number',
  'is_critical',
  'connection_state',
  'mobile_index',
  'sealed_number',
  'seal_key_id',
  'number_state',
  'language',
  'wants_outages',
  'wants_billing',
  'wants_complaints',
] as const;

/** COPY takes half of what an insert from arrays takes: a district is half a million rows at once. */
function* copyRows(changes: readonly AudienceChange[]): Generator<CopyRow> {
  for (const { rows } of changes) {
    for (const row of rows) {
      yield [
        row.connectionId,
        row.contactNo,
        row.nodeId,
        row.accountNumber,
        row.isCritical,
        row.connectionState,
        row.mobileIndex,
        row.sealedNumber,
        row.sealKeyId,
        row.numberState,
        row.language,
        row.wantsOutages,
        row.wantsBilling,
        row.wantsComplaints,
      ];
    }
  }
}
