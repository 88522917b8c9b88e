import { describe, expect, test } from '@jest/globals';
import { narrate, screenOf } from './narrator.ts';

function listen(live: boolean) {
  const heard: string[] = [];
  return { heard, narrator: narrate({ live, write: (text) => void heard.push(text) }) };
}

describe('the narrator', () => {
  test('says what was done, what came of it and how long it took, in one plain line', async () => {
    const { heard, narrator } = listen(false);

    const result = await narrator.step('topics', () => Promise.resolve(3), String);

    expect(result).toBe(3);
    expect(heard).toEqual([expect.stringMatching(/^ {2}topics: 3 +0\.0 s\n$/)]);
  });

  test('says which step failed and passes the fault on', async () => {
    const { heard, narrator } = listen(false);

    await expect(narrator.step('topics', () => Promise.reject(new Error('no broker')))).rejects.toThrow('no broker');
    expect(heard).toEqual([expect.stringMatching(/^ {2}failed: topics +0\.0 s\n$/)]);
  });

  test('shows a step at once to who watches', async () => {
    const { heard, narrator } = listen(true);

    await narrator.step('topics', () => Promise.resolve());

    expect(heard[0]).toBe('  topics …');
    expect(heard[1]).toContain('✓');
  });
});

test.each([
  [{}, true],
  [{ CI: 'true' }, false],
  [{ NO_COLOR: '' }, false],
])('a terminal with %j is live: %s', (env, live) => {
  const stream = { isTTY: true, write: () => true } as unknown as NodeJS.WriteStream;

  expect(screenOf(stream, env).live).toBe(live);
});
