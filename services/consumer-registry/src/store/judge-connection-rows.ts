import { query, type Transaction } from '@bijli/postgres';

/**
 * What becomes of the number of contact 1. `set`: the file has another one. `kept`: it has another one, but ours was
 * given by a person (a JE or the consumer), who knows better than a file. `state`: we have none, and the file says so
 * in another way than before. `none`: nothing to do; an empty or malformed cell takes no number away.
 */
const NUMBER_ACTION = `
  case when connection.id is null then 'set'
       when row.number_state = 'collected' and contact.blind_index is not distinct from row.blind_index then 'none'
       when row.number_state = 'collected' and contact.sealed_number is not null and contact.source in ('je', 'self')
         then 'kept'
       when row.number_state = 'collected' then 'set'
       when contact.sealed_number is null and contact.number_state is distinct from row.number_state then 'state'
       else 'none' end`;

const IS_CONNECTION_CHANGED = `
  (connection.category, connection.state, coalesce(connection.node_code, ''), connection.locality_en,
   connection.locality_hi, connection.meter_number, connection.consumer_name)
  is distinct from
  (row.category, row.state, row.node_code, row.locality_en, row.locality_hi, row.meter_number, row.consumer_name)`;

/**
 * Judges every staged row that is not refused against what is known: is it a new connection, a
 * changed one, one with only a contact changed, or nothing new. New connections get their ids here.
 */
export async function judgeConnectionRows(tx: Transaction): Promise<void> {
  await query(
    tx,
    `insert into connection_import_verdict (line, connection_id, outcome, number_action, is_language_changed)
     select row.line, coalesce(connection.id, uuidv7()),
            case when connection.id is null then 'registered'
                 when ${IS_CONNECTION_CHANGED} or fresh.line is not null then 'connection-changed'
                 when number_action in ('set', 'state') or is_language_changed then 'contact-changed'
                 else 'unchanged' end,
            number_action, is_language_changed
       from connection_import_row row
       left join connection by_number on by_number.account_number = row.account_number
       left join connection on connection.id = coalesce(row.known_id, by_number.id)
       left join contact on contact.connection_id = connection.id and contact.contact_no = 1
       left join (select distinct old.line from connection_import_alias old
                   where not exists (select from account_alias known where known.alias = old.alias)) fresh
              on fresh.line = row.line
      cross join lateral (
        select ${NUMBER_ACTION} as number_action,
               connection.id is not null and row.language <> '' and row.language is distinct from contact.language
                 as is_language_changed) judged
      where row.refused_rule is null`,
  );
  await query(tx, 'select analyze_verdicts()');
}
