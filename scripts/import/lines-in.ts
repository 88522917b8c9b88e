const lineFeed = 0x0a;

/** Counts the line ends in a piece of a file. */
export function linesIn(octets: Buffer): number {
  let lines = 0;
  for (let at = octets.indexOf(lineFeed); at >= 0; at = octets.indexOf(lineFeed, at + 1)) lines += 1;
  return lines;
}
