import { query, type Transaction } from '@bijli/postgres';
import { refuseRows } from './refuse-by-rules.ts';

/** Whose each old number is today, by account number or by alias, and whose the row is by its own account number. */
const OWNED = `
  select old.line, coalesce(account.id, alias.connection_id) as owner, mine.id as mine
    from connection_import_alias old
    join connection_import_row row using (line)
    left join connection account on account.account_number = old.alias
    left join account_alias alias on alias.alias = old.alias
    left join connection mine on mine.account_number = row.account_number`;

const PER_LINE = `
  select line, mine, min(owner::text)::uuid as owner, count(distinct owner) as owners,
         coalesce(bool_or(owner <> mine), false) as is_foreign
    from (${OWNED}) owned
   group by line, mine`;

const stage = (tx: Transaction): Promise<unknown> =>
  query(
    tx,
    `insert into connection_import_alias (line, alias)
     select distinct row.line, old
       from connection_import_row row, regexp_split_to_table(row.old_account_numbers, '[;| ]+') old
      where row.refused_rule is null and row.old_account_numbers <> '' and old <> row.account_number`,
  );

/**
 * An old number means one connection: not one that another row or another connection has. A row that claims somebody
 * else's number is refused, and one that so means a connection which another row calls by its present number; of two
 * rows that claim the same, the later.
 */
const taken = `
    with per_line as (${PER_LINE}),
     clash as (
       select line from per_line where is_foreign or (mine is null and owners > 1)
       union
       select line from (select line, row_number() over (partition by owner order by line) as place
                           from per_line where mine is null and owner is not null) renamed where place > 1
       union
       select line from (select line, row_number() over (partition by alias order by line) as place
                           from connection_import_alias) claimed where place > 1
       union
       select old.line from connection_import_alias old
         join connection_import_row other on other.account_number = old.alias and other.refused_rule is null
       union
       select per_line.line from per_line
         join connection known on known.id = per_line.owner
         join connection_import_row other on other.account_number = known.account_number and other.refused_rule is null
        where per_line.mine is null)
     select row.line, 'old_account_numbers', 'taken', row.old_account_numbers
       from clash join connection_import_row row using (line)`;

const dropRefused = (tx: Transaction): Promise<unknown> =>
  query(
    tx,
    `delete from connection_import_alias old using connection_import_row row
      where row.line = old.line and row.refused_rule is not null`,
  );

const RENAMED = `(${PER_LINE}) renamed
    join connection_import_row row using (line)
    join connection before on before.id = renamed.owner`;

/** A row whose account nobody knows, but whose old number somebody has, is that connection under its new number. */
async function recognise(tx: Transaction): Promise<void> {
  await query(
    tx,
    `insert into connection_import_alias (line, alias)
     select line, before.account_number from ${RENAMED}
      where renamed.mine is null
        and not exists (select from connection_import_alias known
                         where known.line = renamed.line and known.alias = before.account_number)`,
  );
  await query(
    tx,
    `update connection_import_row as staged set known_id = before.id
       from ${RENAMED} where renamed.mine is null and staged.line = renamed.line`,
  );
}

/**
 * Reads the old account numbers of the staged rows, refuses those that are somebody else's, and finds
 * whose a row with a new number is. `updateConnections` gives that connection its new number, `saveAliases` keeps the old one.
 */
export async function takeOldAccountNumbers(tx: Transaction): Promise<void> {
  await stage(tx);
  await refuseRows(tx, 'connection_import_row', taken);
  await dropRefused(tx);
  await recognise(tx);
}
