import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { MobileNumber } from './mobile-number.ts';
import { openMobileNumbers, SEALED_OCTETS, sealMobileNumber } from './seal.ts';
import { parseSealKeys } from './seal-keys.ts';

const oldKey = `2025:${'1b'.repeat(32)}`;
const newKey = `2026:${'a7'.repeat(32)}`;
const keys = parseSealKeys(`${newKey}, ${oldKey}`);
const number = '9876543210' as MobileNumber;
const numbers = fc.integer({ min: 6_000_000_000, max: 9_999_999_999 }).map((digits) => String(digits) as MobileNumber);

describe('parseSealKeys', () => {
  test('seals with the first key and opens with all', () => {
    expect(keys.sealingKeyId).toBe('2026');
    expect([...keys.keys.keys()]).toEqual(['2026', '2025']);
  });

  test.each([
    ['', /seal key 1/],
    [`${newKey},`, /seal key 2/],
    ['2026:abcd', /seal key 1/],
    [`:${'a7'.repeat(32)}`, /seal key 1/],
    [`${newKey},${newKey}`, /same id/],
  ])('refuses %p without repeating it', (text, message) => {
    expect(() => parseSealKeys(text)).toThrow(message);
    expect(() => parseSealKeys(text)).not.toThrow(/a7a7|abcd/);
  });
});

describe('sealMobileNumber', () => {
  test('makes 16 octets that hide the number and differ each time', () => {
    const one = sealMobileNumber(keys, number);
    const other = sealMobileNumber(keys, number);

    expect(one.keyId).toBe('2026');
    expect(one.block).toHaveLength(SEALED_OCTETS);
    expect(one.block.equals(other.block)).toBe(false);
  });

  test('is opened in order, many in one call', () => {
    fc.assert(
      fc.property(fc.array(numbers, { maxLength: 50 }), (list) => {
        const blocks = Buffer.concat(list.map((each) => sealMobileNumber(keys, each).block));
        expect(openMobileNumbers(keys, '2026', blocks)).toEqual(list);
      }),
    );
  });

  test('is opened after the keys rotated', () => {
    const { keyId, block } = sealMobileNumber(parseSealKeys(oldKey), number);

    expect(openMobileNumbers(keys, keyId, block)).toEqual([number]);
  });
});

describe('openMobileNumbers', () => {
  const blocks = Buffer.concat([sealMobileNumber(keys, number).block, sealMobileNumber(keys, number).block]);

  test('names the block that was altered, whichever bit it was', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: SEALED_OCTETS * 8 - 1 }), (bit) => {
        const altered = Buffer.from(blocks);
        const at = SEALED_OCTETS + (bit >> 3);
        altered[at] = altered.readUInt8(at) ^ (1 << (bit & 7));
        expect(() => openMobileNumbers(keys, '2026', altered)).toThrow('sealed number 1 does not open');
      }),
    );
  });

  test('refuses the wrong key, an unknown key and a broken length', () => {
    expect(() => openMobileNumbers(keys, '2025', blocks)).toThrow('sealed number 0 does not open');
    expect(() => openMobileNumbers(keys, '2024', blocks)).toThrow('not in the list of seal keys');
    expect(() => openMobileNumbers(keys, '2026', blocks.subarray(1))).toThrow('blocks of 16 octets');
  });

  test('opens nothing from nothing', () => {
    expect(openMobileNumbers(keys, '2026', Buffer.alloc(0))).toEqual([]);
  });
});
