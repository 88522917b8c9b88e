import { describe, expect, test } from '@jest/globals';
import { sendWindow, sliceSize } from './send-window.ts';

describe('the send window', () => {
  test('holds back what does not fit until enough has come back', async () => {
    const window = sendWindow(10);
    const order: string[] = [];
    await window.take(6);
    const second = window.take(6).then(() => order.push('second'));
    const third = window.take(1).then(() => order.push('third'));
    expect(window.inUse()).toBe(6);

    window.give(1);
    await Promise.resolve();
    expect(order).toEqual([]);
    window.give(1);
    await second;
    window.give(4);
    await third;

    expect(order).toEqual(['second', 'third']);
    expect(window.inUse()).toBe(7);
  });

  test('lets one slice pass that is larger than itself', async () => {
    const window = sendWindow(1);

    await window.take(5);

    expect(window.inUse()).toBe(5);
  });

  test.each([
    [10, 50],
    [1_000, 100],
    [5_000, 500],
    [50_000, 1_000],
  ])('a slice at %d parts a second has %d messages', (rate, size) => {
    expect(sliceSize(rate)).toBe(size);
  });
});
