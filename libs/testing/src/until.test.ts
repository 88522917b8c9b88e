import { describe, expect, test } from '@jest/globals';
import { until } from './until.ts';

describe('until', () => {
  test('answers with the first truthy value', async () => {
    const answers = [undefined, 0, 'there'];

    const answer = await until(() => answers.shift(), { describe: 'a text' });

    expect(answer).toBe('there');
  });

  test('waits for a condition that throws at first', async () => {
    let asked = 0;

    const answer = await until(
      async () => {
        asked += 1;
        if (asked < 3) throw new Error('not up yet');
        return asked;
      },
      { describe: 'the server' },
    );

    expect(answer).toBe(3);
  });

  test('says what it waited for and what it saw when the deadline passes', async () => {
    const waiting = until(() => false, { deadlineMs: 30, describe: () => 'the lamp to light' });

    await expect(waiting).rejects.toThrow('gave up waiting for the lamp to light after 30 ms: the answer was false');
  });

  test('keeps what the condition threw as the cause', async () => {
    const fault = new Error('no lamp');

    const waiting = until(() => Promise.reject(fault), { deadlineMs: 30, describe: 'light' });

    await expect(waiting).rejects.toMatchObject({ cause: fault });
  });

  test('does not wait for what cannot happen any more', async () => {
    const waiting = until(() => false, { describe: 'the answer', hopeless: () => 'the server has ended' });

    await expect(waiting).rejects.toThrow('gave up waiting for the answer: the server has ended');
  });
});
