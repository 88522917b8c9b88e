import type { Chance } from './chance.ts';
import type { Answer, Statement } from './sessions.ts';

const IS_ORDERED = /\border by\b[^)]*$/i;

/** Puts rows of which a statement does not say the order into one that the seed decides: that of PostgreSQL's pages is not the same twice. */
export function inAnyOrder({ text }: Statement, answer: Answer, order: Chance): Answer {
  const { result } = answer as { result: { rows?: unknown[] } | null };
  const rows = result?.rows ?? [];
  if (rows.length < 2 || IS_ORDERED.test(text)) return answer;
  const each = rows.map((row) => ({ row, name: JSON.stringify(row) })).sort((a, b) => (a.name < b.name ? -1 : 1));
  const drawn = each.map(({ row }) => ({ row, at: order.next() })).sort((a, b) => a.at - b.at);
  return { ...answer, result: { ...result, rows: drawn.map(({ row }) => row) } };
}
