import { expect, test } from '@jest/globals';
import type { RenderedText } from './run-texts.ts';
import { sharedTexts } from './shared-texts.ts';

const text: RenderedText = { dltTemplateId: '1', coding: 'gsm-7', parts: [], until: null, isPartly: false };
const texts = new Map([['0001', text]]);

test('a run finds the texts again that it had, and has none of another', () => {
  const shared = sharedTexts();
  shared.of('a').set('key', texts);
  expect(shared.of('a').get('key')).toBe(texts);
  expect(shared.of('b').get('key')).toBeUndefined();
});

test('the run that was not asked for longest makes room', () => {
  const shared = sharedTexts();
  for (const run of ['a', 'b', 'c', 'd']) shared.of(run).set('key', texts);
  shared.of('a');
  shared.of('e');
  expect(shared.of('a').get('key')).toBe(texts);
  expect(shared.of('b').get('key')).toBeUndefined();
});

test('a run of more texts than are kept begins anew', () => {
  const shared = sharedTexts();
  for (const form of ['one', 'two'])
    shared.of('a').set(form, new Map(Array.from({ length: 10_001 }, (_, n) => [String(n), text])));
  expect(shared.of('a').size).toBe(0);
});
