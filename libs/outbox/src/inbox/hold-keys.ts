import type { Transaction } from '@bijli/postgres';
import { query } from '@bijli/postgres';
import type { KeyState } from '../records/inbox-rows.ts';

type HeldRow = { readonly key: string; readonly version: string; readonly is_free: boolean };

/**
 * Locks keys until the end of the transaction and gives the state of those whose next record may be handled as it arrives: not of one that
 * waits or has failed, nor of one with records that are stored and still to be handled.
 */
export async function holdKeys(
  tx: Transaction,
  subscription: string,
  keys: readonly string[],
): Promise<Map<string, KeyState>> {
  const held = await query<HeldRow>(
    tx,
    'select key, version, attempts = 0 and parked_reason is null as is_free from inbox_hold_keys(:subscription, :keys::text[])',
    { subscription, keys },
  );
  // Looked at under the locks: from now on nobody handles a stored record of these keys.
  const pending = await pendingKeys(
    tx,
    subscription,
    held.map(({ key }) => key),
  );
  const states = new Map(keys.map((key) => [key, { key, version: 0, attempts: 0, gapSince: null } as KeyState]));
  for (const { key, version, is_free } of held) {
    if (!is_free || pending.has(key)) states.delete(key);
    else states.set(key, { key, version: Number(version), attempts: 0, gapSince: null });
  }
  return states;
}

/** A key with stored records is always known. */
async function pendingKeys(tx: Transaction, subscription: string, known: readonly string[]): Promise<Set<string>> {
  if (known.length === 0) return new Set();
  const rows = await query<{ key: string }>(
    tx,
    `select known.key
       from unnest(:known::text[]) as known (key)
      cross join lateral (select from inbox_pending p where p.subscription = :subscription and p.key = known.key limit 1 offset 0) p`,
    { known, subscription },
  );
  return new Set(rows.map(({ key }) => key));
}
