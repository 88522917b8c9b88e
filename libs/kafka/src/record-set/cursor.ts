import { UnreadableError } from './unreadable-batch.ts';

const MORE = 0x80;
const SEVEN_BITS = 0x7f;
/** A 64-bit integer takes so many octets at most. */
const MAX_VARINT_OCTETS = 10;

/** Reads the fields of records one after the other; throws `UnreadableError` (malformed) beyond the end of the octets. */
export class Cursor {
  at: number;
  private readonly octets: Buffer;
  private end: number;

  constructor(octets: Buffer, at = 0, end = octets.length) {
    this.octets = octets;
    this.at = at;
    this.end = end;
  }

  /** Goes on with what stands between two places. */
  enter(at: number, end: number): void {
    this.at = at;
    this.end = end;
  }

  get left(): number {
    return this.end - this.at;
  }

  octet(): number {
    const octet = this.at < this.end ? this.octets[this.at] : undefined;
    if (octet === undefined) throw new UnreadableError('malformed');
    this.at += 1;
    return octet;
  }

  /** A zigzag-encoded integer (protocol buffers, "Signed Integers"); inexact beyond 2^53, as no length or time here can be. */
  varint(): number {
    let value = 0;
    let scale = 1;
    for (let octets = 0; octets < MAX_VARINT_OCTETS; octets += 1) {
      const octet = this.octet();
      value += (octet & SEVEN_BITS) * scale;
      if (octet < MORE) return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
      scale *= MORE;
    }
    throw new UnreadableError('malformed');
  }

  /** A length, which cannot be more than what is left. */
  length(): number {
    const length = this.varint();
    if (length < 0 || length > this.left) throw new UnreadableError('malformed');
    return length;
  }

  /** Octets behind their length; null where the length is -1. They are not copied. */
  nullableOctets(): Buffer | null {
    const length = this.varint();
    if (length === -1) return null;
    if (length < 0) throw new UnreadableError('malformed');
    return this.take(length);
  }

  /** A text (UTF-8) behind its length; null where the length is -1. */
  nullableText(): string | null {
    const length = this.varint();
    if (length === -1) return null;
    if (length < 0 || length > this.left) throw new UnreadableError('malformed');
    this.at += length;
    return this.octets.toString('utf8', this.at - length, this.at);
  }

  take(length: number): Buffer {
    if (length > this.left) throw new UnreadableError('malformed');
    const from = this.at;
    this.at += length;
    return this.octets.subarray(from, this.at);
  }
}
