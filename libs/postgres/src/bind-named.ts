import type { SqlValue } from './sql-values.ts';

/** A statement with `?` placeholders, as Knex takes it, and their values in order. */
export type Bound = { readonly sql: string; readonly inOrder: readonly SqlValue[] };

/** A name behind a colon; not the second colon of a cast (`::text`), nor a colon within a word, a time of day or behind a quote (JSON). */
const NAME = /(?<![:\w"']):([a-zA-Z]\w*)/g;

/**
 * Puts values in the places of their names (`:name`) in a statement. Knex's own named bindings take `:ids::text[]` for the name of a column.
 * Throws where a name has no value, or a value no place.
 */
export function bindNamed(text: string, values: Readonly<Record<string, SqlValue>>): Bound {
  const inOrder: SqlValue[] = [];
  const found = new Set<string>();
  // A question mark of the statement's own is an operator of PostgreSQL.
  const sql = text.replaceAll('?', '\\?').replace(NAME, (_place, name: string) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (value === undefined) throw new Error(`the statement names :${name}, which has no value`);
    found.add(name);
    inOrder.push(value);
    return '?';
  });
  const unnamed = Object.keys(values).filter((name) => !found.has(name));
  if (unnamed.length > 0) throw new Error(`the statement names no :${unnamed.join(', :')}`);
  return { sql, inOrder };
}
