import { describe, expect, test } from '@jest/globals';
import { sends } from './produce.ts';

const record = (key: string, bytes = 10, topic = 'a') => ({ topic, key, value: Buffer.alloc(bytes), headers: {} });
const sizes = (cut: ReturnType<typeof sends>): number[] =>
  [...cut].map((send) => send.reduce((sum, { messages }) => sum + messages.length, 0));

describe('sends', () => {
  test('cuts after 1,000 records', () => {
    expect(sizes(sends(Array.from({ length: 2_500 }, (_, index) => record(String(index)))))).toEqual([
      1_000, 1_000, 500,
    ]);
  });

  test('cuts before the broker would refuse the size', () => {
    expect(sizes(sends(Array.from({ length: 5 }, () => record('k', 256 * 1024))))).toEqual([2, 2, 1]);
  });

  test('lets one record through that is larger than a send: the broker decides', () => {
    expect(sizes(sends([record('small'), record('large', 900 * 1024), record('small')]))).toEqual([1, 1, 1]);
  });

  test('groups by topic, keeps the order within it, and adds the prefix', () => {
    const [send] = [...sends([record('1', 1, 'a'), record('2', 1, 'b'), record('3', 1, 'a')], 'p.')];

    expect(send?.map(({ topic, messages }) => [topic, messages.map(({ key }) => key)])).toEqual([
      ['p.a', ['1', '3']],
      ['p.b', ['2']],
    ]);
  });

  test('sends nothing for nothing', () => {
    expect([...sends([])]).toEqual([]);
  });
});
