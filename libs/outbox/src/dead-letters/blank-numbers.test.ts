import { describe, expect, test } from '@jest/globals';
import { holdsNumber, blankNumbers } from './blank-numbers.ts';

const NUMBER = '7310559284';
const devanagari = [...NUMBER].map((digit) => String.fromCharCode(0x0966 + Number(digit))).join('');

describe('blankNumbers', () => {
  test.each([
    ['bare', NUMBER, 'xxxxxxxxxx'],
    ['in JSON', `{"mobile":"${NUMBER}"}`, '{"mobile":"xxxxxxxxxx"}'],
    ['with +91', `+91 ${NUMBER}`, '+xx xxxxxxxxxx'],
    ['with 0', `0${NUMBER}`, '0xxxxxxxxxx'],
    ['in two halves', '73105 59284', 'xxxxx xxxxx'],
    ['with dashes', '731-055-9284', 'xxx-xxx-xxxx'],
    ['with dots', '73105.59284', 'xxxxx.xxxxx'],
    ['beside another digit', `8${NUMBER}5`, 'xxxxxxxxxxxx'],
    ['among letters', `tel${NUMBER}abc`, 'telxxxxxxxxxxabc'],
    [
      'beside a UUID',
      `73360500-4801-4117-9000-70000000000a ${NUMBER}`,
      '73360500-4801-4117-9000-70000000000a xxxxxxxxxx',
    ],
    ['in a UUID', 'a3360500-e801-4117-a000-919876543210', 'a3360500-e801-4117-a000-xxxxxxxxxxxx'],
    [
      'over the end of a UUID',
      'a3360500-e801-4117-a000-b0000000009876543210',
      'a3360500-e801-4117-a000-b000000000xxxxxxxxxx',
    ],
    ['cut by dashes as no UUID is', '73105592-8400', 'xxxxxxxx-xxxx'],
    ['in Devanagari', devanagari, 'x'.repeat(30)],
  ])('finds a number %s', (_what, text, masked) => {
    const octets = Buffer.from(text);

    expect(holdsNumber(octets)).toBe(true);
    expect(blankNumbers(octets).toString()).toBe(masked);
    expect(blankNumbers(octets)).toHaveLength(octets.length);
  });

  test('finds a number in UTF-16, of either end first', () => {
    const little = Buffer.from(`call ${NUMBER}`, 'utf16le');

    for (const octets of [little, Buffer.from(little).swap16()])
      expect(blankNumbers(octets).toString('latin1').replaceAll('\0', '')).toBe('call xxxxxxxxxx');
  });

  test.each([
    ['too short', '731055928'],
    ['that begins with no digit of a mobile', '1203345501'],
    ['of an instant', '2026-01-30T14:05:00+05:30'],
    ['of a UUID', 'CR-73360500-4801-4117-9000-700000000001'],
    ['nowhere', ''],
  ])('leaves digits alone: %s', (_what, text) => {
    expect(holdsNumber(Buffer.from(text))).toBe(false);
    expect(blankNumbers(Buffer.from(text)).toString()).toBe(text);
  });

  test('gives other octets back as they were, and is quick about many digits', () => {
    const octets = Buffer.from(Array.from({ length: 262_144 }, (_none, index) => index % 256));

    expect(blankNumbers(octets).equals(octets)).toBe(true);
    expect(blankNumbers(Buffer.from('7 -'.repeat(80_000))).includes('7')).toBe(false);
  });
});
