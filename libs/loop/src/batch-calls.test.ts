import { expect, test } from '@jest/globals';
import { batchCalls } from './batch-calls.ts';

test('calls of one turn, and those that come meanwhile, are done in one', async () => {
  const done: (readonly number[])[] = [];
  const first = Promise.withResolvers<void>();
  const take = batchCalls<number>(async (items) => {
    done.push(items);
    if (done.length === 1) await first.promise;
  });

  const calls = [take([1, 2]), take([]), take([3])];
  while (done.length === 0) await new Promise(setImmediate);
  calls.push(take([4]), take([5]));
  first.resolve();
  await Promise.all(calls);

  expect(done).toEqual([
    [1, 2, 3],
    [4, 5],
  ]);
});

test('one call that fails harms none that came with it, nor the next', async () => {
  const take = batchCalls<number>(async (items) => {
    if (items.includes(13)) throw new RangeError('thirteen');
  });

  const [with13, beside] = [take([13]), take([1])];

  await expect(with13).rejects.toThrow('thirteen');
  await expect(beside).resolves.toBeUndefined();
  await expect(take([2])).resolves.toBeUndefined();
});
