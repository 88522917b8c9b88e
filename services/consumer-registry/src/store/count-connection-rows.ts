import { query, type Transaction } from '@bijli/postgres';
import type { ImportCounts } from '../domain/import-report.ts';

type Row = Record<'rows' | 'registered' | 'changed' | 'unchanged' | 'warnings' | 'unmapped', string>;

/** Counts how the staged connections ended. */
export async function countConnectionRows(tx: Transaction): Promise<ImportCounts> {
  const [row] = await query<Row>(
    tx,
    `select count(*) as rows,
            count(*) filter (where outcome = 'registered') as registered,
            count(*) filter (where outcome in ('connection-changed', 'contact-changed')) as changed,
            count(*) filter (where outcome = 'unchanged') as unchanged,
            count(*) filter (where outcome is not null and (number_rule is not null or number_action = 'kept')) as warnings,
            count(*) filter (where outcome is not null and node_code = '') as unmapped
       from connection_import_row left join connection_import_verdict using (line)`,
  );
  const counts = Object.fromEntries(Object.entries(row ?? {}).map(([name, count]) => [name, Number(count)]));
  const { rows = 0, registered = 0, changed = 0, unchanged = 0, warnings = 0, unmapped = 0 } = counts;
  return { rows, registered, changed, unchanged, refused: rows - registered - changed - unchanged, warnings, unmapped };
}

/** Records what deserves a warning: numbers that are none, second numbers of a cell, also in refused rows, and numbers of ours that stayed. */
export async function saveConnectionWarnings(tx: Transaction, importId: string): Promise<void> {
  await query(
    tx,
    `insert into refused_row (import_id, line, severity, field, rule, masked_value)
     select :importId::uuid, line, 'warning', 'mobile', number_rule, number_shape
       from connection_import_row where number_rule is not null
     union all
     select :importId::uuid, line, 'warning', 'mobile', 'kept', '' from connection_import_verdict where number_action = 'kept'`,
    { importId },
  );
}
