import { query, type Transaction } from '@bijli/postgres';
import type { OutageNodes } from '../outages/keep-outage.ts';

/**
 * Ends the sending of every older run of a thread, inside the caller's transaction. The row lock waits for write-aheads under way
 * (write-ahead.ts locks the same row), so what was told is known when this returns.
 * @returns the nodes that these runs told of, whose people the newer run speaks to in their place.
 */
export async function supersedeOlderRuns(tx: Transaction, threadId: string, revision: number): Promise<OutageNodes> {
  const rows = await query<{ node_ids: string[]; own_node_ids: string[] }>(
    tx,
    `update run set state = 'superseded', state_reason = 'newer-revision'
      where thread_id = :threadId and revision < :revision::bigint and state in ('open', 'held')
     returning node_ids, own_node_ids`,
    { threadId, revision },
  );
  return {
    nodeIds: [...new Set(rows.flatMap((row) => row.node_ids))],
    ownNodeIds: [...new Set(rows.flatMap((row) => row.own_node_ids))],
  };
}
