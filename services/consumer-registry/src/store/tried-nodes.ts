import { query, type Transaction } from '@bijli/postgres';

/** Whoever tries a network file tries the connections on it right after. */
const KEPT_HOURS = 24;

/** Remembers the nodes that the dry run of a network file would have added, for a day. */
export async function saveTriedNodes(tx: Transaction, importId: string, now: Date): Promise<void> {
  await query(
    tx,
    `delete from tried_node using import_run
      where import_run.id = tried_node.import_id and import_run.started_at < :now::timestamptz - interval '${KEPT_HOURS} hours'`,
    { now },
  );
  await query(
    tx,
    `insert into tried_node (import_id, code)
     select :importId, code from network_import_row join network_import_verdict using (code)
      where refused_rule is null and outcome = 'added'`,
    { importId },
  );
}

/** Lets the connections of a dry run hang on the nodes that a tried network file would have added. */
export async function stageTriedNodes(tx: Transaction, importId: string): Promise<void> {
  await query(
    tx,
    `insert into network_import_row (line, code, kind, parent_code, name_en, name_hi)
     select 0, code, '', '', '', '' from tried_node where import_id = :importId`,
    { importId },
  );
}
