/** Octets of the longest text that is looked up among those that were read before. */
export const LONGEST_WORD = 20;

/** Places for words. An event has ten words of a few dozen; ids, which come once, push few of them out. */
const PLACES = 512;
/** What octets at both ends count for in finding a place: words that begin or end alike lie apart. */
const [FIRST_COUNTS, LAST_COUNTS] = [31, 7];
const words: string[] = Array.from({ length: PLACES }, () => '');

function isWord(word: string, octets: Buffer, start: number, end: number): boolean {
  if (word.length !== end - start) return false;
  for (let at = 0; at < word.length; at += 1) if (word.charCodeAt(at) !== octets[start + at]) return false;
  return true;
}

/**
 * Reads a short text (UTF-8). Kinds, states and languages are the same few words in every event: one that was read before is given again,
 * which is faster than to make it and leaves nothing to be collected. Only ASCII is kept, which has as many characters as octets: an é is the
 * character 233, and the octet 233 is no é.
 */
export function readWord(octets: Buffer, start: number, end: number): string {
  const place = ((octets[start] ?? 0) * FIRST_COUNTS + (octets[end - 1] ?? 0) * LAST_COUNTS + end - start) % PLACES;
  const known = words[place] ?? '';
  if (isWord(known, octets, start, end)) return known;
  const word = octets.toString('utf8', start, end);
  if (word.length === end - start) words[place] = word;
  return word;
}
