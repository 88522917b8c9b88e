import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readMessage } from './message-text.ts';
import { emptyMessage } from '../test/sample-messages.ts';
import { cOctetStringTlv, encodeTlvs, integerTlv, tlvTags } from './tlv.ts';
import { encodeUcs2 } from './ucs-2.ts';
import { readUserData } from './user-data-header.ts';

const UDHI = 0x40;
const read = (hex: string) => readUserData(UDHI, Buffer.from(hex, 'hex'));

describe('user data header', () => {
  test('is read with an 8-bit and with a 16-bit reference', () => {
    const text = Buffer.from('hi');
    expect(read('050003a502016869')).toEqual({ text, concatenation: { reference: 0xa5, total: 2, number: 1 } });
    expect(read('060804a5b403026869')).toEqual({ text, concatenation: { reference: 0xa5b4, total: 3, number: 2 } });
  });

  test('is read behind other elements', () => {
    expect(read('0b0504158a00000003010202ff')).toMatchObject({ concatenation: { reference: 1, total: 2, number: 2 } });
  });

  test.each([
    ['part 0', '050003a502006869'],
    ['part 3 of 2', '050003a502036869'],
    ['an element of the wrong size', '050004a502016869'],
    ['no element', '006869'],
  ])('with %s is a header and no place', (_name, hex) => {
    expect(read(hex)).toEqual({ text: Buffer.from('hi'), concatenation: null });
  });

  test('longer than the message is no header', () => {
    expect(read('ff0003').text.toString('hex')).toBe('ff0003');
    expect(read('').text.length).toBe(0);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 30 }), (octets) => {
        expect(readUserData(UDHI, Buffer.from(octets)).text.length).toBeLessThanOrEqual(octets.length);
      }),
    );
  });
});

describe('readMessage', () => {
  const place = (total: number, number: number): Buffer =>
    encodeTlvs([
      integerTlv(tlvTags.sarMsgRefNum, 2, 515),
      integerTlv(tlvTags.sarTotalSegments, 1, total),
      integerTlv(tlvTags.sarSegmentSeqnum, 1, number),
    ]);

  test('takes the place from sar_ parameters', () => {
    const message = { ...emptyMessage, shortMessage: Buffer.from('hi'), tlvs: place(2, 1) };
    expect(readMessage(message)).toEqual({ text: 'hi', concatenation: { reference: 515, total: 2, number: 1 } });
    expect(readMessage({ ...message, tlvs: place(2, 3) }).concatenation).toBeNull();
  });

  test('takes the text from message_payload when short_message is empty', () => {
    const tlvs = encodeTlvs([{ tag: tlvTags.messagePayload, value: encodeUcs2('बिजली') }]);
    expect(readMessage({ ...emptyMessage, dataCoding: 8, tlvs }).text).toBe('बिजली');
  });

  test('reads an unknown data_coding as Latin-1', () => {
    expect(readMessage({ ...emptyMessage, dataCoding: 3, shortMessage: Buffer.from([0x61, 0xe9]) }).text).toBe('aé');
    const tlvs = encodeTlvs([cOctetStringTlv(tlvTags.receiptedMessageId, 'x')]);
    expect(readMessage({ ...emptyMessage, tlvs }).text).toBe('');
  });
});
