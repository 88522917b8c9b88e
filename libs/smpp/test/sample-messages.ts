import fc from 'fast-check';
import type { ShortMessage } from '../src/short-message.ts';
import { encodeTlvs, NO_TLVS } from '../src/tlv.ts';

/** A submit_sm with nothing in it: tests spread it and set what they are about. */
export const emptyMessage: ShortMessage = {
  sequenceNumber: 1,
  serviceType: '',
  sourceAddrTon: 0,
  sourceAddrNpi: 0,
  sourceAddr: '',
  destAddrTon: 0,
  destAddrNpi: 0,
  destinationAddr: '',
  esmClass: 0,
  protocolId: 0,
  priorityFlag: 0,
  scheduleDeliveryTime: '',
  validityPeriod: '',
  registeredDelivery: 0,
  replaceIfPresentFlag: 0,
  dataCoding: 0,
  smDefaultMsgId: 0,
  shortMessage: Buffer.alloc(0),
  tlvs: NO_TLVS,
};

const octet = fc.nat(0xff);
const ascii = (maxLength: number): fc.Arbitrary<string> =>
  fc.array(fc.integer({ min: 1, max: 0x7f }), { maxLength }).map((codes) => String.fromCharCode(...codes));
const octets = (maxLength: number): fc.Arbitrary<Buffer> =>
  fc.uint8Array({ maxLength }).map((array) => Buffer.from(array));

/** Any optional parameters. */
export const anyTlvs: fc.Arbitrary<Buffer> = fc
  .array(fc.record({ tag: fc.nat(0xffff), value: octets(40) }), { maxLength: 5 })
  .map(encodeTlvs);

/** Any submit_sm or deliver_sm that the spec allows. */
export const anyMessage: fc.Arbitrary<ShortMessage> = fc.record({
  sequenceNumber: fc.integer({ min: 1, max: 0x7fffffff }),
  serviceType: ascii(5),
  sourceAddrTon: octet,
  sourceAddrNpi: octet,
  sourceAddr: ascii(20),
  destAddrTon: octet,
  destAddrNpi: octet,
  destinationAddr: ascii(20),
  esmClass: octet,
  protocolId: octet,
  priorityFlag: octet,
  scheduleDeliveryTime: ascii(16),
  validityPeriod: ascii(16),
  registeredDelivery: octet,
  replaceIfPresentFlag: octet,
  dataCoding: octet,
  smDefaultMsgId: octet,
  shortMessage: octets(254),
  tlvs: anyTlvs,
});

/** Any octets, many of them beginning like a PDU. */
export const anyOctets: fc.Arbitrary<Buffer> = octets(300);

/** Encodes into a buffer of its own. */
export function encoded(write: (target: Buffer, at: number) => number): Buffer {
  const target = Buffer.alloc(2_048);
  return target.subarray(0, write(target, 0));
}
