import type { Knex } from 'knex';
import { arrayLiteral } from './array-literal.ts';
import type { Bound } from './bind-named.ts';
import { bindNamed } from './bind-named.ts';
import type { Database, Transaction } from './open-database.ts';
import type { SqlValue, SqlValues } from './sql-values.ts';

/**
 * Runs one statement and resolves with its rows, whose shape the caller vouches for. Throws where a name in the text has no value, or a
 * value no place.
 */
export async function query<Row = never>(
  on: Database | Transaction,
  sql: string,
  values: SqlValues = {},
): Promise<Row[]> {
  return (await run<Row>(on, sql, values)).rows;
}

/** Runs one statement and resolves with the number of rows that it wrote, or read. Takes values as `query` does. */
export async function execute(on: Database | Transaction, sql: string, values: SqlValues = {}): Promise<number> {
  return (await run(on, sql, values)).rowCount ?? 0;
}

type Result<Row> = { readonly rows: Row[]; readonly rowCount: number | null };

async function run<Row>(on: Database | Transaction, text: string, values: SqlValues): Promise<Result<Row>> {
  const { sql, inOrder } = isNamed(values) ? bindNamed(text, values) : ({ sql: text, inOrder: values } satisfies Bound);
  // Knex's own type knows neither nulls nor bytes inside an array; node-postgres does.
  return await on.raw<Result<Row>>(sql, inOrder.map(bindingOf) as unknown as Knex.RawBinding[]);
}

const isNamed = (values: SqlValues): values is Readonly<Record<string, SqlValue>> => !Array.isArray(values);
const bindingOf = (value: SqlValue): SqlValue => (Array.isArray(value) ? (arrayLiteral(value) ?? value) : value);
