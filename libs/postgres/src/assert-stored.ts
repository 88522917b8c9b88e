import { isDeepStrictEqual } from 'node:util';

/**
 * Compares what a statement stored with what was meant to be stored, field by field. A statement lists its columns, so a field that is new,
 * or that no event changed before, would be lost without a word.
 * @param statement name of the function that stored it, for the error.
 * @throws naming the fields that differ, never their values.
 */
export function assertStored<T extends object>(statement: string, stored: T, meant: T): void {
  const fields = new Set([...Object.keys(stored), ...Object.keys(meant)]);
  const valueOf = (state: T, field: string): unknown => (state as Readonly<Record<string, unknown>>)[field];
  const lost = [...fields].filter((field) => !isDeepStrictEqual(valueOf(stored, field), valueOf(meant, field)));
  if (lost.length > 0) throw new Error(`${statement} does not store ${lost.join(', ')}: its columns do not list it.`);
}
