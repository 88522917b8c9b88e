import { decodeText, dataCodings } from '@bijli/smpp';
import { describe, expect, test } from '@jest/globals';
import type { OutageFacts } from '../domain/plan-run.ts';
import { openCatalogue } from './catalogue.ts';
import { type RenderedText, runTexts } from './run-texts.ts';

const catalogue = openCatalogue();
const facts: OutageFacts = {
  outageKind: 'planned',
  cause: 'line-repair',
  startsAt: new Date('2026-01-30T04:30:00Z'),
  estimatedRestorationAt: new Date('2026-01-30T08:30:00Z'),
  restoredAt: null,
  saidAt: new Date('2026-01-29T04:30:00Z'),
};
const NO_CLAIMS = new Map();
const of = (templateKey: string, accountNumber = '1234567890') => ({ templateKey, accountNumber, claimNo: null });

function shown(text: RenderedText): string {
  const headerOctets = text.parts.length > 1 ? 6 : 0;
  return text.parts.map((part) => decodeText(dataCodings[text.coding], part.subarray(headerOctets))).join('');
}

describe('texts of a run', () => {
  test.each([
    ['planned.same-day.one.hi', 'खाता 7890: 30-01 10:00-14:00 बिजली बंद रहेगी: लाइन मरम्मत। 1912 UPPCL'],
    [
      'planned.same-day.many.en',
      'Your a/cs: power will be off on 30-01, 10:00-14:00. Cause: line repair. Help: 1912. UPPCL',
    ],
    ['unplanned.one.en', 'A/c 7890: power is off. Cause: line repair. Expected back by 30-01 14:00. Help: 1912. UPPCL'],
    ['untimed.one.hi', 'खाता 7890: बिजली बंद: लाइन मरम्मत। आने का समय तय नहीं। 1912 UPPCL'],
    ['estimate.many.hi', 'आपके खाते: बिजली अब 30-01 14:00 तक आएगी। 1912 UPPCL'],
  ])('%s in Indian time', (key, text) => {
    expect(shown(runTexts(catalogue, facts, NO_CLAIMS)(of(key)))).toBe(text);
  });

  test.each([
    ['unplanned.one.en', facts.estimatedRestorationAt],
    ['estimate.many.hi', facts.estimatedRestorationAt],
    ['planned.same-day.one.hi', facts.estimatedRestorationAt],
    ['restored.one.hi', null],
    ['cancelled.one.hi', null],
    ['untimed.one.en', null],
  ])('%s says until when it can be true', (key, until) => {
    expect(runTexts(catalogue, facts, NO_CLAIMS)(of(key)).until).toEqual(until);
  });

  test('name the day and time when supply came back', () => {
    const render = runTexts(catalogue, { ...facts, restoredAt: new Date('2026-01-30T18:45:00Z') }, NO_CLAIMS);

    expect(shown(render(of('restored.one.hi')))).toBe('खाता 7890: 31-01 00:15 बजे बिजली आ गई। न आई हो तो 1912। UPPCL');
  });

  test('planned over midnight take two parts in Hindi', () => {
    const text = runTexts(
      catalogue,
      { ...facts, estimatedRestorationAt: new Date('2026-01-30T20:30:00Z') },
      NO_CLAIMS,
    )(of('planned.multi-day.one.hi'));

    expect(text.parts).toHaveLength(2);
    expect(shown(text)).toBe('खाता 7890: 30-01 10:00 से 31-01 02:00 तक बिजली बंद रहेगी: लाइन मरम्मत। 1912 UPPCL');
  });

  test('that name no account are rendered once', () => {
    const render = runTexts(catalogue, facts, NO_CLAIMS);

    expect(render(of('unplanned.many.hi', '1'))).toBe(render(of('unplanned.many.hi', '2')));
    expect(render(of('unplanned.one.hi', '1111111111'))).not.toBe(render(of('unplanned.one.hi', '2222222222')));
  });

  test('every cause of the schema has a name of its own in both languages', () => {
    for (const language of ['hi', 'en'] as const)
      expect(catalogue.causeLabel('tree-on-line', language)).not.toBe(catalogue.causeLabel('safety', language));
    expect(catalogue.causeLabel('a-newer-cause', 'en')).toBe('safety');
  });
});
