import { describe, expect, test } from '@jest/globals';
import { type ApprovedTemplate, compileTemplate } from './compile-template.ts';

const template = (change: Partial<ApprovedTemplate>): ApprovedTemplate => ({
  key: 'k',
  dltTemplateId: '1',
  language: 'hi',
  parts: 1,
  text: 'खाता ..{account}: {date} {from}-{to} बिजली बंद। कारण {cause}। 1912 UPPCL',
  ...change,
});
const values = { account: '7890', date: '30-01', toDate: '30-01', from: '10:00', to: '14:00', cause: 'लाइन मरम्मत' };

describe('a template', () => {
  test('is filled character by character: the worked example of the design, 70 units in one part', () => {
    const text = compileTemplate(template({}), 'UPPCL').fill(values);

    expect(text).toBe('खाता ..7890: 30-01 10:00-14:00 बिजली बंद। कारण लाइन मरम्मत। 1912 UPPCL');
    expect(text).toHaveLength(70);
  });

  test.each([
    [
      'needs more parts than declared',
      { text: 'खाता ..{account}: {date} {from}-{to} बिजली बंद रहेगी। कारण {cause}। 1912 UPPCL' },
      /may need 2 parts, 1 declared/,
    ],
    ['has a double space', { text: 'UPPCL  {date}' }, /double space/],
    ['has an angle bracket', { text: 'UPPCL <{date}>' }, /angle bracket/],
    ['does not name the brand', { text: '1912 {date}' }, /brand UPPCL/],
    ['has a telephone number', { text: 'UPPCL 18001805025 {date}' }, /number other than 1912/],
    ['names a variable that nobody fills', { text: 'UPPCL {name}' }, /unknown variable name/],
    ['has an unmatched brace', { text: 'UPPCL {date' }, /unmatched brace/],
  ])('is refused when it %s', (_, change, rule) => {
    expect(() => compileTemplate(template(change), 'UPPCL')).toThrow(rule);
  });

  test('refuses a value longer than registered, and an empty one', () => {
    const { fill } = compileTemplate(template({}), 'UPPCL');

    expect(() => fill({ ...values, cause: 'ट्रांसफार्मर खराब' })).toThrow(/cause must have 1 to 11 characters/);
    expect(() => fill({ ...values, date: '' })).toThrow(/date must have 1 to 5/);
  });
});
