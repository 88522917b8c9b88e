import type { Knex } from 'knex';
import { arrayLiteral } from './array-literal.ts';
import type { Database, Transaction } from './open-database.ts';

/** What a placeholder may stand for; an array becomes a PostgreSQL array, so its place in the text needs a cast (`?::text[]`). */
export type SqlValue = string | number | bigint | boolean | Buffer | Date | null | readonly SqlValue[];

/** Runs one statement with `?` placeholders and resolves with its rows, whose shape the caller vouches for. */
export async function query<Row = never>(
  on: Database | Transaction,
  sql: string,
  values: readonly SqlValue[] = [],
): Promise<Row[]> {
  // Knex's own type knows neither nulls nor bytes inside an array; node-postgres does.
  const { rows } = await on.raw<{ rows: Row[] }>(sql, values.map(bindingOf) as unknown as Knex.RawBinding[]);
  return rows;
}

const bindingOf = (value: SqlValue): SqlValue => (Array.isArray(value) ? (arrayLiteral(value) ?? value) : value);
