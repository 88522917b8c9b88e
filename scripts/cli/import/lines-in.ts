const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/** Counts the ends of lines in the pieces of one file, given in their order: LF, CRLF, or CR alone. */
export function lineCounter(): (octets: Buffer) => number {
  let isHalfEnd = false;
  return (octets) => {
    const halves = isHalfEnd && octets[0] === lineFeed ? 1 : 0;
    if (octets.length > 0) isHalfEnd = octets.at(-1) === carriageReturn;
    return count(octets, lineFeed) + (octets.includes(carriageReturn) ? loneReturns(octets) : 0) - halves;
  };
}

function count(octets: Buffer, octet: number): number {
  let found = 0;
  for (let at = octets.indexOf(octet); at >= 0; at = octets.indexOf(octet, at + 1)) found += 1;
  return found;
}

function loneReturns(octets: Buffer): number {
  let found = 0;
  for (let at = octets.indexOf(carriageReturn); at >= 0; at = octets.indexOf(carriageReturn, at + 1))
    if (octets[at + 1] !== lineFeed) found += 1;
  return found;
}
