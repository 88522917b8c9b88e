import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { CopyRow } from './copy-text.ts';
import { copyLine } from './copy-text.ts';
import type { Transaction } from './open-database.ts';

/** Lines are handed over in pieces of about this size: one piece a row would cost more than the row. */
const CHUNK_BYTES = 64 * 1024;

/**
 * Streams rows into a table by COPY, on the caller's transaction, no faster than PostgreSQL takes them; resolves with their number. Rows that
 * have to be waited for come in pieces: a wait a row would cost more than the row. When the rows' iterator throws, or a row does not fit, it
 * rejects with that error and PostgreSQL has taken none of them; the transaction is then failed, as after any error, and its connection
 * stays usable.
 */
export async function copyIn(
  tx: Transaction,
  table: string,
  columns: readonly string[],
  rows: Iterable<CopyRow> | AsyncIterable<readonly CopyRow[]>,
): Promise<number> {
  const client = await connectionOf(tx);
  const into = client.query(copyFrom(`copy ${identifier(table)} (${columns.map(identifier).join(', ')}) from stdin`));
  const counted = { rows: 0 };
  await pipeline(
    Readable.from(copyChunks(rows, columns.length, counted), { objectMode: false, highWaterMark: CHUNK_BYTES }),
    into,
  );
  return counted.rows;
}

type Counted = { rows: number };

const copyChunks = (rows: Iterable<CopyRow> | AsyncIterable<readonly CopyRow[]>, width: number, counted: Counted) =>
  Symbol.iterator in rows ? chunksAtOnce(rows, width, counted) : chunksAsTheyCome(rows, width, counted);

function* chunksAtOnce(rows: Iterable<CopyRow>, width: number, counted: Counted): Generator<string> {
  const chunk = openChunk(width, counted);
  for (const row of rows) if (chunk.add(row)) yield chunk.take();
  if (!chunk.isEmpty()) yield chunk.take();
}

async function* chunksAsTheyCome(
  pieces: AsyncIterable<readonly CopyRow[]>,
  width: number,
  counted: Counted,
): AsyncGenerator<string> {
  const chunk = openChunk(width, counted);
  for await (const rows of pieces) for (const row of rows) if (chunk.add(row)) yield chunk.take();
  if (!chunk.isEmpty()) yield chunk.take();
}

/** Gathers lines; `add` says whether they are enough. */
function openChunk(width: number, counted: Counted) {
  let lines: string[] = [];
  let length = 0;
  return {
    add: (row: CopyRow): boolean => {
      if (row.length !== width) throw new RangeError(`A row has ${row.length} values for ${width} columns.`);
      const line = copyLine(row);
      lines.push(line);
      length += line.length;
      counted.rows += 1;
      return length >= CHUNK_BYTES;
    },
    take: (): string => {
      const chunk = lines.join('');
      lines = [];
      length = 0;
      return chunk;
    },
    isEmpty: (): boolean => lines.length === 0,
  };
}

/** Knex keeps the connection of a transaction to itself; its client hands out that one connection for as long as the transaction lasts. */
async function connectionOf(tx: Transaction): Promise<pg.Client> {
  const { client } = tx as unknown as { client: { acquireConnection(): Promise<pg.Client> } };
  return await client.acquireConnection();
}

const identifier = (name: string): string =>
  name
    .split('.')
    .map((part) => `"${part.replaceAll('"', '""')}"`)
    .join('.');
