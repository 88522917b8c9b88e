import { copyMatch } from './copy-match.ts';
import { UnreadableError } from './unreadable-batch.ts';

/*
 * The frame (LZ4 Frame Format 1.6.x): magic, a descriptor of flags, block size, perhaps the content's length, and a checksum of
 * itself; then blocks, each behind its length, a block of length 0 being the end. Checksums are passed over: the batch has one of its own,
 * and old clients compute that of the descriptor wrongly.
 */
const FRAME_MAGIC = 0x184d2204;
const DESCRIPTOR_AT = 4;
const VERSION = 0b01;
const HAS_BLOCK_CHECKSUMS = 0x10;
const HAS_CONTENT_LENGTH = 0x08;
const HAS_DICTIONARY = 0x01;
const NOT_PACKED = 0x80000000;
const LENGTH_OCTETS = 4;

/*
 * A block (LZ4 Block Format): a token whose halves are the length of octets as they are and, less four, of a repetition; a half of 15
 * goes on in further octets until one is not 255. The last sequence has no repetition.
 */
const GOES_ON = 15;
const LEAST_MATCH = 4;
const DISTANCE_OCTETS = 2;

type Block = { readonly from: number; readonly end: number; readonly isPacked: boolean };

/** Unpacks an LZ4 frame. Throws `UnreadableError` before it holds more than `maxOctets`: what a block unpacks to is counted first. */
export function unpackLz4(packed: Buffer, maxOctets: number): Buffer {
  const blocks = blocksOf(packed);
  let size = 0;
  for (const block of blocks) {
    size += block.isPacked ? eachSequence(packed, block, () => undefined) : block.end - block.from;
    if (size > maxOctets) throw new UnreadableError('unpacks-too-large');
  }
  const out = Buffer.allocUnsafe(size);
  let written = 0;
  for (const block of blocks) {
    if (block.isPacked) {
      eachSequence(packed, block, ({ from, literals, distance, match }) => {
        packed.copy(out, written, from, from + literals);
        written += literals;
        if (match > 0) written = copyMatch(out, written, distance, match);
      });
    } else written += packed.copy(out, written, block.from, block.end);
  }
  return out;
}

function blocksOf(packed: Buffer): Block[] {
  if (packed.length < DESCRIPTOR_AT + 2 || packed.readUInt32LE(0) !== FRAME_MAGIC)
    throw new UnreadableError('cannot-unpack');
  const flags = octetAt(packed, DESCRIPTOR_AT, packed.length);
  if (flags >>> 6 !== VERSION || (flags & HAS_DICTIONARY) !== 0) throw new UnreadableError('cannot-unpack');
  const checksumOctets = (flags & HAS_BLOCK_CHECKSUMS) === 0 ? 0 : 4;
  const blocks: Block[] = [];
  let at = DESCRIPTOR_AT + 2 + ((flags & HAS_CONTENT_LENGTH) === 0 ? 0 : 8) + 1;
  for (;;) {
    if (packed.length - at < LENGTH_OCTETS) throw new UnreadableError('cannot-unpack');
    const word = packed.readUInt32LE(at);
    if (word === 0) return blocks;
    const from = at + LENGTH_OCTETS;
    const end = from + (word & ~NOT_PACKED);
    if (end > packed.length) throw new UnreadableError('cannot-unpack');
    blocks.push({ from, end, isPacked: word < NOT_PACKED });
    at = end + checksumOctets;
  }
}

type Sequence = { readonly from: number; readonly literals: number; readonly distance: number; readonly match: number };

/** Visits the sequences of a packed block and gives how many octets they make. */
function eachSequence(packed: Buffer, { from: start, end }: Block, visit: (sequence: Sequence) => void): number {
  let at = start;
  let size = 0;
  const lengthOf = (half: number): number => {
    let length = half;
    for (let more = half === GOES_ON ? 255 : 0; more === 255; length += more) {
      more = octetAt(packed, at, end);
      at += 1;
    }
    return length;
  };
  while (at < end) {
    const token = octetAt(packed, at, end);
    at += 1;
    const literals = lengthOf(token >>> 4);
    const from = at;
    at += literals;
    if (at > end) throw new UnreadableError('cannot-unpack');
    const isLast = at === end;
    if (!isLast && end - at < DISTANCE_OCTETS) throw new UnreadableError('cannot-unpack');
    const distance = isLast ? 0 : packed.readUInt16LE(at);
    at += isLast ? 0 : DISTANCE_OCTETS;
    const match = isLast ? 0 : lengthOf(token & GOES_ON) + LEAST_MATCH;
    visit({ from, literals, distance, match });
    size += literals + match;
  }
  return size;
}

function octetAt(packed: Buffer, at: number, end: number): number {
  const octet = at < end ? packed[at] : undefined;
  if (octet === undefined) throw new UnreadableError('cannot-unpack');
  return octet;
}
