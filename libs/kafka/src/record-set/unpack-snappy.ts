import { copyMatch } from './copy-match.ts';
import { UnreadableError } from './unreadable-batch.ts';

/*
 * The raw format (google/snappy, format_description.txt): a varint with the unpacked length, then elements. The two low bits of an element's
 * tag say what it is: 0 octets as they are, 1 to 3 a repetition whose distance takes one octet (and three bits of the tag), two or four.
 */
const LITERAL = 0;
const ONE_OCTET = 1;
const LENGTH_IN_TAG = 60;

/*
 * What Java's clients write (org.xerial.snappy, SnappyOutputStream): eight octets, two versions of four octets, then blocks, each a length of
 * four octets and a block in the raw format.
 */
const XERIAL = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00]);
const XERIAL_HEADER_OCTETS = 16;
const LENGTH_OCTETS = 4;

/** Unpacks Snappy, raw or as Java's clients frame it. Throws `UnreadableError` before it holds more than `maxOctets`. */
export function unpackSnappy(packed: Buffer, maxOctets: number): Buffer {
  const blocks = packed.subarray(0, XERIAL.length).equals(XERIAL) ? xerialBlocks(packed) : [packed];
  const sizes = blocks.map(unpackedLength);
  const size = sizes.reduce((sum, one) => sum + one.length, 0);
  if (size > maxOctets) throw new UnreadableError('unpacks-too-large');
  const out = Buffer.allocUnsafe(size);
  let at = 0;
  for (const [index, block] of blocks.entries()) {
    const { length, from } = sizes[index] ?? { length: 0, from: 0 };
    unpackBlock(block.subarray(from), out.subarray(at, at + length));
    at += length;
  }
  return out;
}

function xerialBlocks(packed: Buffer): Buffer[] {
  const blocks: Buffer[] = [];
  for (let at = XERIAL_HEADER_OCTETS; at < packed.length; ) {
    if (packed.length - at < LENGTH_OCTETS) throw new UnreadableError('cannot-unpack');
    const length = packed.readInt32BE(at);
    at += LENGTH_OCTETS;
    if (length < 0 || length > packed.length - at) throw new UnreadableError('cannot-unpack');
    blocks.push(packed.subarray(at, at + length));
    at += length;
  }
  return blocks;
}

const MAX_LENGTH_OCTETS = 5;

/** How long a block says that it is, and where its elements begin. */
function unpackedLength(block: Buffer): { length: number; from: number } {
  let length = 0;
  for (let at = 0; at < MAX_LENGTH_OCTETS; at += 1) {
    const octet = octetAt(block, at);
    length += (octet & 0x7f) * 2 ** (7 * at);
    if (octet < 0x80) return { length, from: at + 1 };
  }
  throw new UnreadableError('cannot-unpack');
}

function unpackBlock(block: Buffer, out: Buffer): void {
  let at = 0;
  let written = 0;
  while (at < block.length) {
    const tag = octetAt(block, at);
    at += 1;
    const kind = tag & 3;
    if (kind === LITERAL) {
      const { length, octets } = literalLength(block, at, tag >>> 2);
      at += octets;
      if (length > block.length - at || length > out.length - written) throw new UnreadableError('cannot-unpack');
      block.copy(out, written, at, at + length);
      at += length;
      written += length;
    } else if (kind === ONE_OCTET) {
      written = copyMatch(out, written, ((tag >>> 5) << 8) | octetAt(block, at), ((tag >>> 2) & 7) + 4);
      at += 1;
    } else {
      const octets = kind === 2 ? 2 : 4;
      written = copyMatch(out, written, littleEndian(block, at, octets), (tag >>> 2) + 1);
      at += octets;
    }
  }
  if (written !== out.length) throw new UnreadableError('cannot-unpack');
}

/** A literal's length less one stands in the tag, or from 60 on in one to four octets behind it. */
function literalLength(block: Buffer, at: number, inTag: number): { length: number; octets: number } {
  if (inTag < LENGTH_IN_TAG) return { length: inTag + 1, octets: 0 };
  const octets = inTag - LENGTH_IN_TAG + 1;
  return { length: littleEndian(block, at, octets) + 1, octets };
}

function littleEndian(block: Buffer, at: number, octets: number): number {
  if (octets > block.length - at) throw new UnreadableError('cannot-unpack');
  return block.readUIntLE(at, octets);
}

function octetAt(block: Buffer, at: number): number {
  const octet = block[at];
  if (octet === undefined) throw new UnreadableError('cannot-unpack');
  return octet;
}
