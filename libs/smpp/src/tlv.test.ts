import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { anyOctets, anyTlvs } from '../test/sample-messages.ts';
import {
  cOctetStringTlv,
  encodeTlvs,
  findIntegerTlv,
  findTextTlv,
  findTlv,
  integerTlv,
  octetStringTlv,
  readTlvs,
  tlvFault,
  tlvTags,
} from './tlv.ts';

describe('optional parameters', () => {
  test('stand as tag, length, value; the DLT ids without NUL', () => {
    const block = encodeTlvs([
      octetStringTlv(tlvTags.dltEntityId, '1101'),
      integerTlv(tlvTags.messageState, 1, 2),
      cOctetStringTlv(tlvTags.receiptedMessageId, 'a7'),
    ]);
    expect(block.toString('hex')).toBe('1400000431313031' + '0427000102' + '001e0003613700');
    expect(findTlv(block, tlvTags.dltEntityId)?.toString()).toBe('1101');
    expect(findIntegerTlv(block, tlvTags.messageState)).toBe(2);
    expect(findTextTlv(block, tlvTags.receiptedMessageId)).toBe('a7');
    expect(findTlv(block, tlvTags.dltTemplateId)).toBeNull();
    expect(findTextTlv(block, tlvTags.dltTemplateId)).toBeNull();
  });

  test('forgive a text without its NUL, and refuse an integer of a strange size', () => {
    const block = encodeTlvs([
      octetStringTlv(tlvTags.receiptedMessageId, 'a7'),
      { tag: tlvTags.messageState, value: Buffer.alloc(0) },
      { tag: tlvTags.sarMsgRefNum, value: Buffer.alloc(5) },
    ]);
    expect(findTextTlv(block, tlvTags.receiptedMessageId)).toBe('a7');
    expect(findIntegerTlv(block, tlvTags.messageState)).toBeNull();
    expect(findIntegerTlv(block, tlvTags.sarMsgRefNum)).toBeNull();
  });

  test('come back as they were written', () => {
    fc.assert(fc.property(anyTlvs, (block) => expect(encodeTlvs(readTlvs(block))).toEqual(block)));
  });

  test('that do not fill their place are a fault, and those that do are read to the end', () => {
    fc.assert(
      fc.property(anyOctets, (octets) => {
        const isSound = tlvFault(octets, 0, octets.length) === null;
        const length = isSound ? encodeTlvs(readTlvs(octets)).length : octets.length;
        expect(length).toBe(octets.length);
      }),
    );
    expect(tlvFault(Buffer.from('140000ff31', 'hex'), 0, 5)).toMatchObject({ status: 0xc0 });
    expect(tlvFault(Buffer.from('1400', 'hex'), 0, 2)).toMatchObject({ status: 0xc0 });
  });

  test('above 65,535 octets are refused', () => {
    expect(() => encodeTlvs([{ tag: 1, value: Buffer.alloc(65_536) }])).toThrow(RangeError);
  });
});
