import { isUtf8 } from 'node:buffer';
import type { ProblemHolder } from './file-problem.ts';

const LINE_FEED = 0x0a;
/** Octets without a line end that are waited for; a longer line is no row of ours. */
const LONGEST_LINE = 65_536;
const UTF_16_MARKS = new Set(['fffe', 'feff']);

const isUtf16 = (beginning: Buffer): boolean =>
  UTF_16_MARKS.has(beginning.toString('hex', 0, 2)) || beginning.subarray(0, 4).includes(0);

const linesIn = (octets: Buffer): number => {
  let lines = 0;
  for (let at = octets.indexOf(LINE_FEED); at >= 0; at = octets.indexOf(LINE_FEED, at + 1)) lines += 1;
  return lines;
};

/** The line, counted within the octets from 0, that is the first not to be UTF-8. */
const firstBadLine = (octets: Buffer): number => {
  let start = 0;
  for (let line = 0; ; line += 1) {
    const end = octets.indexOf(LINE_FEED, start);
    if (end < 0 || !isUtf8(octets.subarray(start, end))) return line;
    start = end + 1;
  }
};

/**
 * This function will pass on the octets of a file in pieces of whole lines, once they are known to be UTF-8. Stops at
 * UTF-16, at what is no UTF-8 and at an endless line: the parser behind it would take any of them for text.
 */
export async function* checkedLines(source: AsyncIterable<Buffer>, holder: ProblemHolder): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0);
  let line = 1;
  const stop = (rule: string, detail: string): never => holder.stop([{ line, field: '', rule, detail }]);
  const check = (piece: Buffer): Buffer => {
    if (line === 1 && isUtf16(piece)) stop('utf-16', 'Save the file as UTF-8');
    if (!isUtf8(piece)) {
      line += firstBadLine(piece);
      stop('utf-8', 'The line is not UTF-8');
    }
    line += linesIn(piece);
    return piece;
  };
  for await (const chunk of source) {
    const end = chunk.lastIndexOf(LINE_FEED) + 1;
    if (end > 0) {
      yield check(Buffer.concat([rest, chunk.subarray(0, end)]));
      rest = chunk.subarray(end);
    } else {
      rest = Buffer.concat([rest, chunk]);
    }
    if (rest.length > LONGEST_LINE) stop('line-too-long', `A line has at most ${LONGEST_LINE} octets`);
  }
  if (rest.length > 0) yield check(rest);
}
