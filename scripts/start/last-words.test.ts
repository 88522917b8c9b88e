import { describe, expect, test } from '@jest/globals';
import { lastErrorIn, lastWordsIn } from './last-words.ts';

const time = '2026-01-30T08:35:00.000Z';
const line = (fields: object): string => JSON.stringify({ level: 'fatal', time, service: 'notifier', ...fields });

describe('the last words of a process', () => {
  test('are its settings that are wrong', () => {
    const problems = ['SMPP_PASSWORD: is not a secret of at most 64 ASCII characters', 'SMPP_PORT: is not a port'];

    expect(lastWordsIn(line({ message: 'settings are wrong', problems }))).toEqual({
      words: `settings are wrong: ${problems[0]}; ${problems[1]}`,
      at: time,
    });
  });

  test('are a part that did not start and what caused it, each once', () => {
    const cause = { message: 'connect ECONNREFUSED', cause: { message: 'connect ECONNREFUSED' } };
    const err = { type: 'Error', message: 'no database', stack: 'at x', cause };

    expect(lastWordsIn(line({ message: 'a part did not start', part: 'http', err }))?.words).toBe(
      'a part did not start (http): no database: connect ECONNREFUSED',
    );
  });

  test.each([
    [
      'an error that Node prints',
      "node:internal\n\nError [ERR_X]: Cannot find package 'x'\n    at y\n\nNode.js v24",
      "Error [ERR_X]: Cannot find package 'x'",
    ],
    [
      'a heap that is full',
      '<--- Last few GCs --->\nFATAL ERROR: Reached heap limit\n----- Native stack',
      'FATAL ERROR: Reached heap limit',
    ],
    [
      'an error with somebody’s number in it',
      'TypeError: 9876500042 is no function',
      'TypeError: ••••••0042 is no function',
    ],
  ])('are %s', (_what, output, words) => {
    expect(lastWordsIn(output)).toEqual({ words, at: null });
  });

  test('of a crash are dated by what was logged before it', () => {
    const output = [line({ level: 'info', message: 'up' }), 'TypeError: x is no function', '    at y'].join('\n');

    expect(lastWordsIn(output)).toEqual({ words: 'TypeError: x is no function', at: expect.stringMatching(/^2026-/) });
  });

  test('are the latest, whatever was said after it on other levels, and none where nothing was fatal', () => {
    const output = [
      line({ message: 'first' }),
      line({ message: 'second' }),
      line({ level: 'info', message: 'service stopped' }),
      '{"cut',
      '',
    ].join('\n');

    expect(lastWordsIn(output)?.words).toBe('second');
    expect(lastWordsIn(line({ level: 'error', message: 'SMPP link is down' }))).toBeNull();
    expect(lastWordsIn('')).toBeNull();
  });
});

test('the latest error of a log is the last line of that level', () => {
  const output = [
    line({ level: 'error', message: 'run held' }),
    line({ level: 'error', message: 'sending a chunk failed', err: { message: 'sealed number 0 does not open' } }),
    line({ message: 'a part did not start' }),
    line({ level: 'warn', message: 'SMPP link is down' }),
  ].join('\n');

  expect(lastErrorIn(output)).toEqual({ words: 'sending a chunk failed: sealed number 0 does not open', at: time });
  expect(lastErrorIn('Error: of Node')).toBeNull();
});
