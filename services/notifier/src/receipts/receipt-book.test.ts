import { ROOT_CONTEXT } from '@opentelemetry/api';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { receiptBook } from './receipt-book.ts';

const chunk = { runId: 'r', runDay: '2026-01-30', chunkNo: 1, partStride: 1, context: ROOT_CONTEXT };
const part = (providerMessageId: string, destination = '919811111101', seq = 1) => ({
  providerMessageId,
  destination,
  chunk,
  seq,
  partNo: 1,
  parts: 1,
  text: { acceptedParts: 1, isSettled: true },
});

describe('the receipt book', () => {
  test('finds the part of a receipt by id and handset', () => {
    const book = receiptBook(10);
    book.enter(part('a', '919811111101', 7));

    expect(book.find('a', '919811111101')).toMatchObject({ seq: 7 });
    expect(book.find('a', '919899999999')).toBeNull();
    expect(book.find('b', '919811111101')).toBeNull();
  });

  test('gives an id that the provider uses again to the newer message', () => {
    const book = receiptBook(10);
    book.enter(part('a', '919811111101', 1));
    book.enter(part('a', '919811111102', 2));

    expect(book.find('a', '919811111101')).toBeNull();
    expect(book.find('a', '919811111102')).toMatchObject({ seq: 2 });
  });

  test('makes room for the newest by dropping the oldest', () => {
    const book = receiptBook(4);
    for (const id of ['a', 'b', 'c', 'd', 'e']) book.enter(part(id));

    expect(book.find('a', '919811111101')).toBeNull();
    expect(book.find('e', '919811111101')).not.toBeNull();
    expect(book.size()).toBeLessThanOrEqual(4);
  });

  test('holds half of what it may at least, and never more, whatever ids come again', () => {
    const ids = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'), { maxLength: 60 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3 }), ids, (half, entries) => {
        const book = receiptBook(2 * half);
        for (const [seq, id] of entries.entries()) book.enter(part(id, '919811111101', seq));

        expect(book.size()).toBeLessThanOrEqual(2 * half);
        for (const [seq, id] of entries.entries()) {
          const found = book.find(id, '919811111101')?.seq;
          if (entries.length - seq <= half) expect(found).toBe(entries.lastIndexOf(id));
          else if (found !== undefined) expect(found).toBe(entries.lastIndexOf(id));
        }
      }),
    );
  });
});
