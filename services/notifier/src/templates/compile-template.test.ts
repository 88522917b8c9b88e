import { describe, expect, test } from '@jest/globals';
import { compileTemplate, worstCase } from './compile-template.ts';
import type { ApprovedTemplate } from './text-file.ts';

const template: ApprovedTemplate = {
  key: 'planned.same-day.one.hi',
  dltTemplateId: '1',
  language: 'hi',
  parts: 1,
  text: 'खाता {account}: {date} {from}-{to} बिजली बंद रहेगी: {cause}। 1912 UPPCL',
};
const values = { account: '7890', date: '30-01', toDate: '30-01', from: '10:00', to: '14:00', cause: 'ट्रांसफार्मर' };

describe('a template', () => {
  test('is filled character by character, with the longest cause in 70 units of one part', () => {
    const text = compileTemplate(template).fill(values);

    expect(text).toBe('खाता 7890: 30-01 10:00-14:00 बिजली बंद रहेगी: ट्रांसफार्मर। 1912 UPPCL');
    expect(text).toHaveLength(70);
    expect(worstCase(template, ['रखरखाव', 'ट्रांसफार्मर'])).toEqual({ coding: 'ucs-2', units: 70, parts: 1, room: 70 });
  });

  test('refuses a value longer than registered, and an empty one', () => {
    const { fill } = compileTemplate(template);

    expect(() => fill({ ...values, cause: 'ट्रांसफार्मर खराब' })).toThrow(/cause must have 1 to 12 characters/);
    expect(() => fill({ ...values, date: '' })).toThrow(/date must have 1 to 5/);
  });

  test('in English costs what a label needs that GSM-7 does not have', () => {
    const english = { ...template, language: 'en', text: '{cause}' } as const;

    expect(worstCase(english, ['storm'])).toEqual({ coding: 'gsm-7', units: 20, parts: 1, room: 160 });
    expect(worstCase({ ...english, text: `${'x'.repeat(60)}{cause}` }, ['storm', 'बाढ़'])).toEqual({
      coding: 'ucs-2',
      units: 80,
      parts: 2,
      room: 70,
    });
  });
});
