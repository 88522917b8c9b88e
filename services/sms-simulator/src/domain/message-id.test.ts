import { describe, expect, test } from '@jest/globals';
import { formatMessageId } from './message-id.ts';

describe('message id', () => {
  test.each([
    ['decimal', '1769763600000123'],
    ['padded', '00001769763600000123'],
    ['hex', '6499732b6e47b'],
    ['upper-hex', '6499732B6E47B'],
  ] as const)('is written as %s', (format, text) => {
    expect(formatMessageId(1_769_763_600_000_123, format)).toBe(text);
  });
});
