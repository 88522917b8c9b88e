import { describe, expect, test } from '@jest/globals';
import { parseStatusTable, statusClass, statusTable } from './status-classes.ts';

describe('what a status means', () => {
  test.each([
    [0x04, 'later'],
    [0x08, 'later'],
    [0x14, 'later'],
    [0x45, 'later'],
    [0x58, 'later'],
    [0x64, 'later'],
    [0x0a, 'header'],
    [0x0b, 'number'],
    [0xdeadbeef, 'other'],
  ])('0x%s is %s', (status, meaning) => {
    expect(statusClass(statusTable(), status)).toBe(meaning);
  });

  test('is what the settings of the provider say, where they do', () => {
    const table = statusTable(parseStatusTable('0x0401=template, 1026=later,0x58=other') ?? undefined);

    expect([0x401, 1_026, 0x58, 0x08].map((status) => statusClass(table, status))).toEqual([
      'template',
      'later',
      'other',
      'later',
    ]);
  });

  test.each(['0x401', '0x401=sometimes', '0=later', 'x=later', '0x1FFFFFFFF=later'])('"%s" is no table', (text) => {
    expect(parseStatusTable(text)).toBeNull();
  });
});
