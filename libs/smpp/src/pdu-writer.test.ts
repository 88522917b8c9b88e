import { describe, expect, test } from '@jest/globals';
import { encodeEnquireLink } from './link-pdus.ts';
import { pduWriter } from './pdu-writer.ts';

const PDU_OCTETS = 16;
const enquire =
  (sequence: number) =>
  (target: Buffer, at: number): number =>
    encodeEnquireLink(target, at, sequence);

/** A writer with the sequence numbers of each write, and what the kernel still holds. */
function record(size: number) {
  const writes: number[][] = [];
  const held: (() => void)[] = [];
  const buffers = new Set<ArrayBufferLike>();
  const writer = pduWriter(size, (octets, done) => {
    const count = octets.length / PDU_OCTETS;
    writes.push(Array.from({ length: count }, (_, index) => octets.readUInt32BE(index * PDU_OCTETS + 12)));
    buffers.add(octets.buffer);
    held.push(done);
  });
  return { writer, writes, held, buffers };
}

describe('pduWriter', () => {
  test('writes what was added in one go, and nothing when nothing was', () => {
    const { writer, writes } = record(64);
    writer.flush();
    for (const sequence of [1, 2, 3]) writer.add(PDU_OCTETS, enquire(sequence));
    writer.flush();
    writer.flush();
    expect(writes).toEqual([[1, 2, 3]]);
  });

  test('writes before a PDU that does not fit', () => {
    const { writer, writes } = record(40);
    for (const sequence of [1, 2, 3]) writer.add(PDU_OCTETS, enquire(sequence));
    expect([writes, writer.fits(24), writer.fits(25)]).toEqual([[[1, 2]], true, false]);
    writer.flush();
    expect(writes).toEqual([[1, 2], [3]]);
  });

  test('takes back what was added after a mark', () => {
    const { writer, writes } = record(64);
    writer.add(PDU_OCTETS, enquire(1));
    const mark = writer.mark();
    writer.add(PDU_OCTETS, enquire(2));
    writer.rollBack(mark);
    writer.add(PDU_OCTETS, enquire(3));
    writer.flush();
    expect(writes).toEqual([[1, 3]]);
  });

  test('uses a buffer again only when it is not held any more', () => {
    const { writer, held, buffers } = record(64);
    for (let round = 0; round < 5; round += 1) {
      writer.add(PDU_OCTETS, enquire(round));
      writer.flush();
    }
    expect(buffers.size).toBe(5);
    for (const release of held.splice(0)) release();
    for (let round = 0; round < 50; round += 1) {
      writer.add(PDU_OCTETS, enquire(round));
      writer.flush();
      for (const release of held.splice(0)) release();
    }
    expect(buffers.size).toBeLessThanOrEqual(6);
  });
});
