import { describe, expect, test } from '@jest/globals';
import { plainText, withoutInvisible } from './plain-text.ts';

const digitsOf = (numberingSystem: string): string =>
  new Intl.NumberFormat('en', { numberingSystem, useGrouping: false }).format(9_876_543_210);

/** Written by a table of signs, not by a run of ten digits in Unicode. */
const notDecimal = ['hanidec'];

describe('plainText', () => {
  test('knows the digits of every script that the platform can write', () => {
    const systems = Intl.supportedValuesOf('numberingSystem').filter((name) => !notDecimal.includes(name));

    expect(systems.length).toBeGreaterThan(50);
    expect(systems.filter((name) => plainText(digitsOf(name)) !== '9876543210')).toEqual([]);
  });

  test('leaves letters, superscripts and numerals that are no digits as they are', () => {
    for (const text of ['О', 'l', '²', 'Ⅳ', '一', '½', 'क']) expect(plainText(text)).toBe(text);
  });

  test('writes full-width signs as those of ASCII', () => {
    expect(plainText('＋（．／－：）')).toBe('+(./-:)');
  });
});

describe('withoutInvisible', () => {
  test('drops what nobody sees, and no space', () => {
    expect(withoutInvisible('\u202ad\u200bo\u200dm\ufe0f e\u00ads\u2060t\u3164ic\u2069')).toBe('dom estic');
  });
});
