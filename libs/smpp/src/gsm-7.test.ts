import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { countSeptets, decodeGsm7, encodeGsm7 } from './gsm-7.ts';

const encode = (text: string): Buffer => encodeGsm7(text, countSeptets(text) ?? -1);

describe('GSM-7', () => {
  test.each([
    ['@', '00'],
    ['Rs 1,450.50', '527320312c3435302e3530'],
    ['Δ_ΦΓΛΩΠΨΣΘΞ', '101112131415161718191a'],
    ['ÄÖÑÜ§¿äöñüà', '5b5c5d5e5f607b7c7d7e7f'],
    ['€', '1b65'],
    ['^{}[]~\\|', '1b141b281b291b3c1b3e1b3d1b2f1b40'],
    ['\f\n\r', '1b0a0a0d'],
  ])('writes %j as TS 23.038 has it', (text, hex) => {
    expect(encode(text).toString('hex')).toBe(hex);
    expect(decodeGsm7(Buffer.from(hex, 'hex'))).toBe(text);
  });

  test.each(['₹', 'बिजली', '“', '–', '`', 'ç', '\u001b', 'a\u0000', '😀'])('has no %j', (text) => {
    expect(countSeptets(text)).toBeNull();
  });

  test('gives back every text it can write', () => {
    const every = Array.from({ length: 0x2100 }, (_, unit) => String.fromCharCode(unit)).filter(
      (character) => countSeptets(character) !== null,
    );
    expect(every).toHaveLength(127 + 10);
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...every)), (characters) => {
        const text = characters.join('');
        expect(decodeGsm7(encode(text))).toBe(text);
      }),
    );
  });

  test.each([
    ['1b41', 'A'],
    ['1b1b41', ' A'],
    ['411b', 'A'],
    ['80ff', '\ufffd\ufffd'],
    ['1bff', '\ufffd'],
  ])('reads %s, which nobody should send, as a handset does', (hex, text) => {
    expect(decodeGsm7(Buffer.from(hex, 'hex'))).toBe(text);
  });
});
