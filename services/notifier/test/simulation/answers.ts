import type { Answer } from './sessions.ts';

/** Nothing more is said of what begins, or ends, a transaction. */
export const DONE: Answer = { error: null, result: { command: '', rowCount: null, rows: [], fields: [] } };

/** Tells how many rows an answer has, or wrote. */
export function rowsOf({ result }: Answer): number {
  return (result as { rowCount?: number | null } | null)?.rowCount ?? 0;
}

/** Puts an answer into a line of the trail. */
export function inShort({ error, result }: Answer): string {
  if (error !== null) return String((error as { code?: string }).code);
  const { rows = [], rowCount = null } = (result ?? {}) as { rows?: unknown[]; rowCount?: number | null };
  return `${rowCount} ${JSON.stringify(rows)}`;
}
