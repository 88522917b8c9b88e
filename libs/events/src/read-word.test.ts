import { describe, expect, test } from '@jest/globals';
import { LONGEST_WORD, readWord } from './read-word.ts';

const read = (octets: Buffer): string => readWord(Buffer.concat([Buffer.from('<'), octets]), 1, 1 + octets.length);

describe('a short text', () => {
  test.each(['', 'x', 'domestic', 'life-support', 'बिजली', 'Größe', '\u0000', '9'.repeat(LONGEST_WORD)])(
    'is read as it was written, the first time and again: %j',
    (text) => {
      expect([read(Buffer.from(text)), read(Buffer.from(text))]).toEqual([text, text]);
    },
  );

  test('that begins, ends and is as long as another one is not taken for it', () => {
    const texts = ['outage', 'onnnne', 'octave', 'outage'];

    expect(texts.map((text) => read(Buffer.from(text)))).toEqual(texts);
  });

  test('with octets that are no UTF-8 is read as Node reads it, and not taken for one that looks like it', () => {
    const latin1 = Buffer.from('é', 'latin1');
    const replaced = latin1.toString('utf8');

    expect([read(latin1), read(latin1), read(Buffer.from('é')), read(latin1)]).toEqual([
      replaced,
      replaced,
      'é',
      replaced,
    ]);
  });

  test('with octets that are no UTF-8 is not taken for one whose characters have their numbers', () => {
    const ascii = Array.from({ length: 95 }, (_, at) => String.fromCharCode(0x20 + at));
    const above = Array.from({ length: 128 }, (_, at) => String.fromCharCode(0x80 + at));
    const texts = ascii.flatMap((one) => above.flatMap((other) => [one + other, other + one]));

    const mistaken = texts.filter((text) => {
      const octets = Buffer.from(text, 'latin1');
      read(Buffer.from(text));
      return read(octets) !== octets.toString('utf8');
    });
    expect(mistaken).toEqual([]);
  });

  test('finds its place among others that come once each', () => {
    const texts = Array.from({ length: 5_000 }, (_, at) => [String(6_000_000_000 + at), 'commercial']).flat();

    expect(texts.map((text) => read(Buffer.from(text)))).toEqual(texts);
  });
});
