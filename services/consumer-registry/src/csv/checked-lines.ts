import { isUtf8 } from 'node:buffer';
import type { ProblemHolder } from './file-problem.ts';

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
/** Octets without a line end that are waited for; a longer line is no row of ours. */
const LONGEST_LINE = 65_536;
/** Lines of the largest file: four districts. */
const MAX_LINES = 2_000_000;
/** Octets of the largest file: so many lines of 256 octets, four times what a line of a district has. */
const MAX_OCTETS = 512 * 1024 * 1024;
const UTF_16_MARKS = new Set(['fffe', 'feff']);

const isUtf16 = (beginning: Buffer): boolean =>
  UTF_16_MARKS.has(beginning.toString('hex', 0, 2)) || beginning.subarray(0, 4).includes(0);

function linesIn(octets: Buffer): number {
  let lines = 0;
  for (let at = octets.indexOf(LINE_FEED); at >= 0; at = octets.indexOf(LINE_FEED, at + 1)) lines += 1;
  return lines;
}

/** The line, counted within the octets from 0, that is the first not to be UTF-8. */
function firstBadLine(octets: Buffer): number {
  let start = 0;
  for (let line = 0; ; line += 1) {
    const end = octets.indexOf(LINE_FEED, start);
    if (end < 0 || !isUtf8(octets.subarray(start, end))) return line;
    start = end + 1;
  }
}

/** Ends lines by LF alone, where they end by CRLF or, as old spreadsheets on a Mac write them, by CR. */
const withLineFeeds = (octets: Buffer): Buffer =>
  octets.includes(CARRIAGE_RETURN)
    ? Buffer.from(octets.toString('latin1').replaceAll(/\r\n?/g, '\n'), 'latin1')
    : octets;

const endOfLines = (octets: Buffer): number =>
  Math.max(octets.lastIndexOf(LINE_FEED), octets.lastIndexOf(CARRIAGE_RETURN)) + 1;

function endOfFirstLine(octets: Buffer): number {
  const ends = [octets.indexOf(LINE_FEED), octets.indexOf(CARRIAGE_RETURN)].filter((end) => end >= 0);
  return Math.min(...ends) + 1;
}

/**
 * Gives octets in pieces of whole lines, each ended by LF but perhaps the last; only a line that was cut in two is copied. An endless line comes
 * in parts.
 */
export async function* wholeLines(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0);
  let isHalfEnd = false;
  for await (const octets of source) {
    const chunk: Buffer = isHalfEnd && octets[0] === LINE_FEED ? octets.subarray(1) : octets;
    const end = endOfLines(chunk);
    isHalfEnd = chunk.length > 0 && end === chunk.length && chunk[end - 1] === CARRIAGE_RETURN;
    const begin = end > 0 && rest.length > 0 ? endOfFirstLine(chunk) : 0;
    if (begin > 0) yield withLineFeeds(Buffer.concat([rest, chunk.subarray(0, begin)]));
    if (end > begin) yield withLineFeeds(chunk.subarray(begin, end));
    rest = end > 0 ? chunk.subarray(end) : Buffer.concat([rest, chunk]);
    if (rest.length <= LONGEST_LINE) continue;
    yield rest;
    rest = Buffer.alloc(0);
  }
  if (rest.length > 0) yield rest;
}

/**
 * Passes on the octets of a file in pieces of whole lines, ended by LF, once they are known to be UTF-8. Stops at UTF-16, at what is no UTF-8, at
 * an endless line, and at what is larger than a file can be: all that costs nothing to find out, before anything is done with the file.
 */
export async function* checkedLines(source: AsyncIterable<Buffer>, holder: ProblemHolder): AsyncGenerator<Buffer> {
  let [line, octets] = [1, 0];
  const stop = (rule: string, detail: string): never => holder.stop([{ line, field: '', rule, detail }]);
  for await (const piece of wholeLines(source)) {
    if (line === 1 && isUtf16(piece)) stop('utf-16', 'Save the file as UTF-8');
    if (piece.length > LONGEST_LINE && !piece.includes(LINE_FEED))
      stop('line-too-long', `A line has at most ${LONGEST_LINE} octets`);
    if (!isUtf8(piece)) {
      line += firstBadLine(piece);
      stop('utf-8', 'The line is not UTF-8');
    }
    line += linesIn(piece);
    octets += piece.length;
    if (line > MAX_LINES + 1) {
      line = MAX_LINES + 1;
      stop('too-many-rows', `A file has at most ${MAX_LINES} lines`);
    }
    if (octets > MAX_OCTETS) stop('too-large', `A file has at most ${MAX_OCTETS} octets`);
    yield piece;
  }
}
