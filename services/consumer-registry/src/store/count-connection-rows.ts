import { query, type Transaction } from '@bijli/postgres';
import type { ImportCounts } from '../domain/import-report.ts';

type Row = Record<'rows' | 'registered' | 'changed' | 'unchanged' | 'warnings' | 'unmapped', string>;

/** This function will count how the staged connections ended. */
export const countConnectionRows = async (tx: Transaction): Promise<ImportCounts> => {
  const [row] = await query<Row>(
    tx,
    `select count(*) as rows,
            count(*) filter (where outcome = 'registered') as registered,
            count(*) filter (where outcome in ('connection-changed', 'contact-changed')) as changed,
            count(*) filter (where outcome = 'unchanged') as unchanged,
            count(*) filter (where outcome is not null and (number_state = 'malformed' or number_action = 'kept')) as warnings,
            count(*) filter (where outcome is not null and node_code = '') as unmapped
       from connection_import_row left join connection_import_verdict using (line)`,
  );
  const counts = Object.fromEntries(Object.entries(row ?? {}).map(([name, count]) => [name, Number(count)]));
  const { rows = 0, registered = 0, changed = 0, unchanged = 0, warnings = 0, unmapped = 0 } = counts;
  return { rows, registered, changed, unchanged, refused: rows - registered - changed - unchanged, warnings, unmapped };
};

/** This function will record what was taken with a warning: malformed numbers, and numbers of ours that stayed. */
export const saveConnectionWarnings = async (tx: Transaction, importId: string): Promise<void> => {
  await query(
    tx,
    `insert into refused_row (import_id, line, severity, field, rule, masked_value)
     select ?, line, 'warning', 'mobile', case when number_action = 'kept' then 'kept' else number_rule end,
            coalesce(number_shape, '')
       from connection_import_row join connection_import_verdict using (line)
      where number_state = 'malformed' or number_action = 'kept'`,
    [importId],
  );
};
