import { expect, test } from '@jest/globals';
import { csvCell } from './csv-cell.ts';

test.each([
  ['plain', 'plain'],
  ['', ''],
  ['a,b', '"a,b"'],
  ['a"b', '"a""b"'],
  ['a\nb', '"a\nb"'],
  ['=HYPERLINK("x")', `"'=HYPERLINK(""x"")"`],
  ['+91', `"'+91"`],
  ['-1', `"'-1"`],
  ['@x', `"'@x"`],
  ['\tx', `"'\tx"`],
  ['\rx', `"'\rx"`],
])('csvCell writes %j as %s', (text, written) => {
  expect(csvCell(text)).toBe(written);
});
