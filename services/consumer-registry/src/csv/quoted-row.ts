/** Characters of the longest row; what is longer is a quote that nobody closed. */
export const LONGEST_ROW = 16_384;

/**
 * What stands in a text where a row with a quote in it begins: the row with the place behind it, a quote that is still open at the end of the
 * text, or a quote that breaks the rules; `column` is the cell, from 0.
 */
export type QuotedRow =
  | { readonly is: 'row'; readonly cells: readonly string[]; readonly end: number }
  | { readonly is: 'open' | 'misplaced-quote' | 'not-ended' | 'too-long'; readonly column: number };

type Cell =
  | { readonly is: 'cell'; readonly value: string; readonly end: number }
  | { readonly is: 'open' | 'misplaced-quote' | 'not-ended' };

/** A cell that begins with a quote: up to the next one that is not doubled. */
function quotedCell(text: string, start: number, separator: string): Cell {
  let value = '';
  for (let from = start + 1; ; ) {
    const close = text.indexOf('"', from);
    if (close < 0) return { is: 'open' };
    value += text.slice(from, close);
    const next = text[close + 1];
    if (next === undefined || next === separator || next === '\n') return { is: 'cell', value, end: close + 1 };
    if (next !== '"') return { is: 'not-ended' };
    value += '"';
    from = close + 2;
  }
}

function plainCell(text: string, start: number, separator: string): Cell {
  const [next, lineFeed] = [text.indexOf(separator, start), text.indexOf('\n', start)];
  const lineEnd = lineFeed < 0 ? text.length : lineFeed;
  const end = next >= 0 && next < lineEnd ? next : lineEnd;
  const value = text.slice(start, end);
  return value.includes('"') ? { is: 'misplaced-quote' } : { is: 'cell', value, end };
}

/** Reads the row that begins at a place in a text and has a quote in it (RFC 4180, 2.5 to 2.7). Lines end by LF. */
export function readQuotedRow(text: string, start: number, separator: string): QuotedRow {
  const cells: string[] = [];
  for (let at = start; ; at += 1) {
    const cell = text[at] === '"' ? quotedCell(text, at, separator) : plainCell(text, at, separator);
    const end = cell.is === 'cell' ? cell.end : text.length;
    if (end - start > LONGEST_ROW && (cell.is === 'cell' || cell.is === 'open'))
      return { is: 'too-long', column: cells.length };
    if (cell.is !== 'cell') return { is: cell.is, column: cells.length };
    cells.push(cell.value);
    at = cell.end;
    if (text[at] !== separator) return { is: 'row', cells, end: at };
  }
}
