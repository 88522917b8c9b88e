import { type Database, execute, postgresErrorCode, query, type Transaction } from '@bijli/postgres';

/** What another system said and our tables refuse. */
export type ParkedItem = {
  readonly kind: 'outcome' | 'receipt';
  /** Why it is refused. */
  readonly error: unknown;
  /** Its fields as they were to be stored. */
  readonly item: Readonly<Record<string, unknown>>;
};

/** Enough to see what it was. */
const MAX_TEXT_LENGTH = 200;
/** Ten digits or more in a row may be a mobile number, whatever the field; the last four stay. */
const LONG_NUMBER = /\d(?:[ .-]?\d){5,}(?=(?:[ .-]?\d){4})/g;

/** Stores an item by name, inside the caller's transaction, in words that every table takes: short, masked, of whole characters. */
export async function parkItem(tx: Transaction, { kind, error, item }: ParkedItem): Promise<void> {
  const fields = Object.entries(item).map(([name, value]) => [name, storable(value)] as const);
  await execute(tx, 'insert into parked_item (kind, reason, item) values (:kind, :reason, :item::jsonb)', {
    kind,
    reason: storable(reasonOf(error)),
    item: JSON.stringify(Object.fromEntries(fields)),
  });
}

function storable(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'no date' : value.toISOString();
  return String(value)
    .slice(0, MAX_TEXT_LENGTH)
    .toWellFormed()
    .replaceAll('\0', '')
    .replace(LONG_NUMBER, (digits) => digits.replaceAll(/\d/g, 'x'));
}

/** SQLSTATE and what PostgreSQL says; knex writes the statement before it. */
function reasonOf(error: unknown): string {
  const message = error instanceof Error ? (error.message.split(' - ').at(-1) ?? '') : String(error);
  return `${postgresErrorCode(error) ?? ''} ${message}`.trim();
}

/** Enough for a minute of an odd carrier, few enough for one statement. */
const MOST_DELETED = 10_000;

/** Deletes the items that were parked before an instant, the oldest first, ten thousand at most. */
export async function deleteParked(db: Database, before: Date): Promise<void> {
  await execute(
    db,
    `delete from parked_item
      where parked_id in (select parked_id from parked_item where parked_at < :before order by parked_at limit :most)`,
    { before, most: MOST_DELETED },
  );
}

/** More are not counted: that there are many says enough. */
const MOST_COUNTED = 1_000;

/** Counts the parked items, up to a thousand. */
export async function countParked(db: Database): Promise<number> {
  const [row] = await query<{ n: number }>(
    db,
    'select count(*)::int as n from (select from parked_item limit :most) counted',
    { most: MOST_COUNTED },
  );
  return row?.n ?? 0;
}
