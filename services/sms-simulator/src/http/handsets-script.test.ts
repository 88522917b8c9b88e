import { runInNewContext } from 'node:vm';
import { describe, expect, test } from '@jest/globals';
import { handsetsScript } from './handsets-script.ts';

type Part = { readonly dataset: { live: string }; readonly innerHTML: string };

/** The little of a browser that the script looks at. The field is no part of it: nothing could touch it. */
function browserWith(
  parts: Part[],
  fresh: Record<string, string>,
  state: { hidden?: boolean; selecting?: boolean; ok?: boolean } = {},
) {
  const asked: string[] = [];
  const ticks: { work: () => Promise<void>; everyMs: number }[] = [];
  runInNewContext(handsetsScript, {
    document: { hidden: state.hidden ?? false, querySelectorAll: () => parts },
    getSelection: () => ({ isCollapsed: !(state.selecting ?? false) }),
    location: { href: 'http://handsets/?to=98' },
    fetch: async (address: string) => {
      asked.push(address);
      if (state.ok === undefined) return { ok: true, text: async () => 'page' };
      if (state.ok) throw new TypeError('no network');
      return { ok: false };
    },
    DOMParser: class {
      parseFromString() {
        return {
          querySelector: (selector: string) => {
            const html = fresh[/"(\w+)"/.exec(selector)?.[1] ?? ''];
            return html === undefined ? null : { innerHTML: html };
          },
        };
      }
    },
    setInterval: (work: () => Promise<void>, everyMs: number) => ticks.push({ work, everyMs }),
  });
  return { asked, ticks, refresh: () => ticks[0]?.work() };
}
const part = (live: string, innerHTML: string): Part => ({ dataset: { live }, innerHTML });

describe('the script of the handsets page', () => {
  test('asks for the same page every five seconds, and puts in the parts that changed', async () => {
    const parts = [part('told', 'old'), part('handsets', 'same'), part('bar', 'kept')];
    const browser = browserWith(parts, { told: 'new', handsets: 'same' });
    await browser.refresh();

    expect(browser.ticks.map(({ everyMs }) => everyMs)).toEqual([5_000]);
    expect(browser.asked).toEqual(['http://handsets/?to=98']);
    expect(parts.map(({ innerHTML }) => innerHTML)).toEqual(['new', 'same', 'kept']);
  });

  test.each([
    ['nobody looks', { hidden: true }, 0],
    ['text is selected', { selecting: true }, 0],
    ['the answer is an error', { ok: false }, 1],
    ['there is no answer', { ok: true }, 1],
  ])('leaves the page as it is while %s', async (_when, state, asked) => {
    const parts = [part('told', 'old')];
    const browser = browserWith(parts, { told: 'new' }, state);
    await browser.refresh();

    expect(browser.asked).toHaveLength(asked);
    expect(parts[0]?.innerHTML).toBe('old');
  });
});
