import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decodeText } from './message-text.ts';
import { dataCodings, segment, textCost } from './segment.ts';
import { readUserData } from './user-data-header.ts';

const UDHI = 0x40;

/** Puts a text together as a handset does. */
function reassemble(text: string): string {
  const { coding, parts } = segment(text, 7);
  const read = parts.map((part) => readUserData(parts.length === 1 ? 0 : UDHI, part));
  if (parts.length > 1) {
    expect(read.map(({ concatenation }) => concatenation)).toEqual(
      parts.map((_, index) => ({ reference: 7, total: parts.length, number: index + 1 })),
    );
  }
  return read.map((data) => decodeText(dataCodings[coding], data.text)).join('');
}

describe('segment', () => {
  test.each([
    ['160 septets are one part', 'a'.repeat(160), 'gsm-7', [160]],
    ['161 septets are two', 'a'.repeat(161), 'gsm-7', [159, 14]],
    ['306 septets are two', 'a'.repeat(306), 'gsm-7', [159, 159]],
    ['307 septets are three', 'a'.repeat(307), 'gsm-7', [159, 159, 7]],
    ['an extension character costs two', `${'a'.repeat(159)}€`, 'gsm-7', [159, 14]],
    ['an escape pair is not divided', `${'a'.repeat(152)}€${'a'.repeat(10)}`, 'gsm-7', [158, 18]],
    ['70 units are one part', 'क'.repeat(70), 'ucs-2', [140]],
    ['71 units are two', 'क'.repeat(71), 'ucs-2', [140, 14]],
    ['134 units are two', 'क'.repeat(134), 'ucs-2', [140, 140]],
    ['135 units are three', 'क'.repeat(135), 'ucs-2', [140, 140, 8]],
    ['a surrogate pair is not divided', `${'क'.repeat(66)}😀${'क'.repeat(10)}`, 'ucs-2', [138, 30]],
    ['one rupee sign makes it UCS-2', `₹${'a'.repeat(69)}`, 'ucs-2', [140]],
    ['an empty text is one empty part', '', 'gsm-7', [0]],
  ])('%s', (_name, text, coding, lengths) => {
    const segmented = segment(text);
    expect(segmented.coding).toBe(coding);
    expect(segmented.parts.map((part) => part.length)).toEqual(lengths);
  });

  test('a Hindi outage text with an 11-unit cause is one part of exactly 70 units', () => {
    const text = 'खाता 7890: 30-01 10:00-14:00 बिजली बंद रहेगी: ट्रांसफार्मर। 1912 UPPCL';
    expect(textCost(text)).toEqual({ coding: 'ucs-2', units: 70, parts: 1 });
  });

  test('parts put together give the text, none longer than 140 octets, none with a divided pair', () => {
    const septets = fc.string({ unit: fc.constantFrom(...'aZ1 .,€{}~|\n'), maxLength: 900 });
    const units = fc.string({ unit: fc.constantFrom('क', '़', 'a', '😀', '₹', '€'), maxLength: 400 });
    fc.assert(
      fc.property(fc.oneof(septets, units), (text) => {
        const { coding, parts } = segment(text);
        const limit = coding === 'gsm-7' ? (parts.length === 1 ? 160 : 159) : 140;
        expect(Math.max(...parts.map((part) => part.length))).toBeLessThanOrEqual(limit);
        expect(reassemble(text)).toBe(text);
        expect(textCost(text).parts).toBe(parts.length);
        for (const part of parts) expect(part.at(-1) === 0x1b && coding === 'gsm-7').toBe(false);
      }),
    );
  });

  test('a lone surrogate survives', () => {
    expect(reassemble(`${'क'.repeat(66)}\ud83d${'क'.repeat(10)}`)).toBe(`${'क'.repeat(66)}\ud83d${'क'.repeat(10)}`);
  });

  test('refuses more than 255 parts', () => {
    expect(segment('a'.repeat(255 * 153)).parts).toHaveLength(255);
    expect(() => segment('a'.repeat(255 * 153 + 1))).toThrow('at most 255 parts');
  });
});
