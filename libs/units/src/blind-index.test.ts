import { createHmac } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { blindIndex, parseBlindIndexKey } from './blind-index.ts';
import type { MobileNumber } from './mobile-number.ts';

const key = parseBlindIndexKey('5c'.repeat(32));
const number = '9876543210' as MobileNumber;

describe('blindIndex', () => {
  test('is the first 8 octets of HMAC-SHA-256 over E.164, signed', () => {
    const mac = createHmac('sha256', Buffer.alloc(32, 0x5c)).update('+919876543210').digest('hex');

    expect(BigInt.asUintN(64, blindIndex(key, number)).toString(16).padStart(16, '0')).toBe(mac.slice(0, 16));
    expect(BigInt.asIntN(64, blindIndex(key, number))).toBe(blindIndex(key, number));
  });

  test('is equal for equal numbers only, and by key', () => {
    const otherKey = parseBlindIndexKey('5d'.repeat(32));

    expect(blindIndex(key, number)).toBe(blindIndex(key, number));
    expect(blindIndex(key, number)).not.toBe(blindIndex(key, '9876543211' as MobileNumber));
    expect(blindIndex(key, number)).not.toBe(blindIndex(otherKey, number));
  });
});

describe('parseBlindIndexKey', () => {
  test.each(['', 'zz'.repeat(32), '5c'.repeat(31)])('refuses %p without repeating it', (text) => {
    expect(() => parseBlindIndexKey(text)).toThrow('a blind index key is 64 hexadecimal digits');
  });
});
