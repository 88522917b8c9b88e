import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { encodeEnquireLink } from './link-pdus.ts';
import { type FramingFault, pduReader } from './pdu-reader.ts';
import { anyMessage, encoded } from '../test/sample-messages.ts';
import { encodeSubmitSm } from './submit-sm.ts';

const anyPdu = fc.oneof(
  anyMessage.map((message) => encoded((target, at) => encodeSubmitSm(target, at, message))),
  fc.nat(1_000).map((sequence) => encoded((target, at) => encodeEnquireLink(target, at, sequence))),
);

function cutAt(stream: Buffer, places: readonly number[]): Buffer[] {
  const cuts = [...places.map((place) => place % (stream.length + 1)), stream.length].sort((a, b) => a - b);
  return cuts.map((cut, index) => stream.subarray(cuts[index - 1] ?? 0, cut));
}

/** A reader with what it said; each chunk is overwritten after the push when `reuse`, as nothing may hold on to it. */
function record(maxOctets?: number) {
  const pdus: Buffer[] = [];
  const faults: FramingFault[] = [];
  const reader = pduReader({
    ...(maxOctets === undefined ? {} : { maxOctets }),
    onPdu: (octets, start, end) => pdus.push(Buffer.from(octets.subarray(start, end))),
    onFault: (fault) => faults.push(fault),
  });
  return { reader, pdus, faults };
}

const enquireLink = (sequence: number): Buffer => encoded((target, at) => encodeEnquireLink(target, at, sequence));

describe('pduReader', () => {
  test('gives every PDU whole, wherever the chunks are cut', () => {
    const places = fc.array(fc.nat(), { maxLength: 40 });
    fc.assert(
      fc.property(fc.array(anyPdu, { maxLength: 8 }), places, (sent, cuts) => {
        const { reader, pdus, faults } = record();
        for (const chunk of cutAt(Buffer.concat(sent), cuts)) reader.push(chunk);
        expect(pdus).toEqual(sent);
        expect(faults).toEqual([]);
      }),
    );
  });

  test('gives every PDU whole from single octets', () => {
    const sent = [enquireLink(1), enquireLink(2)];
    const { reader, pdus } = record();
    for (const octet of Buffer.concat(sent)) reader.push(Buffer.of(octet));
    expect(pdus).toEqual(sent);
  });

  test.each([
    ['above the maximum', '00000041', 65],
    ['far above the maximum', 'ffffffff', 0xffffffff],
    ['below a header', '0000000f', 15],
    ['of nothing', '00000000', 0],
  ])('reports a length %s once, with the sequence number, and then drops all', (_name, length) => {
    const bad = Buffer.from(`${length}000000040000000000000007`, 'hex');
    const places = fc.array(fc.nat(), { maxLength: 6 });
    fc.assert(
      fc.property(places, (cuts) => {
        const { reader, pdus, faults } = record(64);
        for (const chunk of cutAt(Buffer.concat([enquireLink(6), bad, enquireLink(8)]), cuts)) reader.push(chunk);
        expect(pdus).toEqual([enquireLink(6)]);
        expect(faults).toEqual([{ status: 0x02, sequenceNumber: 7 }]);
      }),
    );
  });

  test('takes a PDU of exactly the maximum', () => {
    const { reader, pdus, faults } = record(16);
    reader.push(enquireLink(1));
    expect([pdus.length, faults.length]).toEqual([1, 0]);
  });

  test('stopped in the middle of a chunk, gives no more of it', () => {
    const seen: number[] = [];
    const reader = pduReader({
      onPdu: (octets, start) => {
        seen.push(octets.readUInt32BE(start + 12));
        reader.stop();
      },
      onFault: () => undefined,
    });
    reader.push(Buffer.concat([enquireLink(1), enquireLink(2)]));
    reader.push(enquireLink(3));
    expect(seen).toEqual([1]);
  });
});
