import { describe, expect, test } from '@jest/globals';
import type { HandsetMessage } from '../handsets/message-store.ts';
import { smscCounters } from '../smsc/counters.ts';
import { handsetsPage } from './handsets-page.ts';
import { html } from './html.ts';

const now = new Date('2026-01-30T14:35:00Z');
const message = (change: Partial<HandsetMessage> = {}): HandsetMessage => ({
  to: '919876543210',
  from: 'UPPCLP',
  receivedAt: new Date('2026-01-30T14:05:00Z'),
  dataCoding: 8,
  entityId: '1101',
  templateId: '1107',
  parts: ['बिजली बंद, 20:30 तक आएगी। 1912 UPPCL'],
  messageIds: ['1'],
  state: 'delivered',
  error: null,
  ...change,
});
const page = (messages: HandsetMessage[], typed = ''): string =>
  handsetsPage({ messages, typed, counters: smscCounters(), isConnected: true, now });

describe('handsets page', () => {
  test('shows a Hindi text as Hindi, with its time in India and its state in words', () => {
    const text = page([message()]);
    expect(text).toContain('<p lang="hi">बिजली बंद, 20:30 तक आएगी। 1912 UPPCL</p>');
    expect(text).toContain('>19:35</time>');
    expect(text).toContain('delivered</span>');
    expect(text).toContain('98765 43210');
  });

  test('says in one sentence what has happened', () => {
    const heading = (messages: HandsetMessage[]) => /<h1>(.*)<\/h1>/.exec(page(messages))?.[1];
    expect(heading([])).toBe('No text has arrived yet');
    expect(heading([message({ state: 'accepted' })])).toBe('No text has reached its handset yet, of 1 handset');
    expect(heading([message(), message(), message({ to: '917000000000' }), message({ state: 'failed' })])).toBe(
      '3 texts have reached 2 handsets',
    );
  });

  test('escapes whatever a text, a header or a search holds', () => {
    const evil = `<script>alert("1")</script>&'`;
    const text = page([message({ parts: [evil], from: '<b>', state: 'failed', error: '<i>' })], '');
    expect(text).not.toMatch(/<script>|<b>UP|<i>/);
    expect(text).toContain('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;&#39;');
    expect(page([], '"><script>7')).not.toContain('<script>');
  });

  test('has no script or style in the page, is never reloaded under the hands of a person, and has a link for that without scripts', () => {
    const text = page([message()], '98765 43');
    expect(text).not.toMatch(/<script>|<style|style=|onclick|http-equiv/);
    expect(text).toContain('<script src="/handsets.js" defer></script>');
    expect(text).toContain('<noscript><a href="/?to=98765%2043">Refresh</a></noscript>');
  });

  test('keeps the field in which a person types outside what is put in anew', () => {
    const text = page([message()], '98765');
    const live = [...text.matchAll(/<(div|header)[^>]* data-live="(\w+)"/g)].map(([, , name]) => name);
    const form = text.slice(text.indexOf('<form'), text.indexOf('</form>'));

    expect(live).toEqual(['bar', 'told', 'handsets']);
    expect(form).toContain('value="98765"');
    expect(form).not.toContain('data-live');
    expect(text.slice(text.indexOf('data-live="told"'), text.indexOf('<form'))).toMatch(/<\/dl><\/div>\s*$/);
  });

  test.each(['९८७६५', '٩٨٧٦٥', '９８７６５'])('finds a number written as %s', (typed) => {
    const text = page([message(), message({ to: '917000000000' })], typed);
    expect(text).toContain('1 handset found');
    expect(text).not.toContain('70000 00000');
    expect(text).toContain(`value="${typed}"`);
  });

  test('says a word where there is nothing to look for', () => {
    const text = page([message()], 'nonsense');
    expect(text).toContain('There is no digit in “nonsense”.');
    expect(text).toContain('98765 43210');
  });

  test('shows the latest four of a handset, oldest on top, and says how many are older', () => {
    const text = page(['f', 'e', 'd', 'c', 'b', 'a'].map((letter) => message({ parts: [`text-${letter}`] })));
    expect([...text.matchAll(/text-(\w)/g)].map(([, letter]) => letter)).toEqual(['c', 'd', 'e', 'f']);
    expect(text).toContain('2 older');
  });

  test.each([
    ['accepted', null, 'on the way'],
    ['failed', '630', 'failed: template not found (630)'],
    ['failed', '999', 'failed: error (999)'],
    ['unanswered', null, 'no answer given'],
  ] as const)('tells the state %s %s in words', (state, error, words) => {
    expect(page([message({ state, error })])).toContain(words);
  });

  test('finds a handset by some of its digits, and says when there is none', () => {
    const messages = [message(), message({ to: '917000000000' })];
    expect(page(messages, '4321')).toContain('98765 43210');
    expect(page(messages, '4321')).not.toContain('70000 00000');
    expect(page(messages, '555')).toContain('No handset with 555 has a text.');
    expect(page([])).toContain('No text has arrived yet');
  });

  test('shows 24 handsets and says how many more there are', () => {
    const text = page(Array.from({ length: 30 }, (_, n) => message({ to: `91${9_876_500_000 + n}` })));
    expect(text.match(/class="phone"/g)).toHaveLength(24);
    expect(text).toContain('6 more handsets');
  });
});

describe('html', () => {
  test('escapes values and keeps HTML', () => {
    expect(html`<p title="${'"'}">${html`<b>${'<'}</b>`}${[html`1`, html`2`]}${3}</p>`.text).toBe(
      '<p title="&quot;"><b>&lt;</b>123</p>',
    );
  });
});
