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
    const book = receiptBook(2);
    for (const id of ['a', 'b', 'c']) book.enter(part(id));

    expect(book.size()).toBe(2);
    expect(book.find('a', '919811111101')).toBeNull();
    expect(book.find('c', '919811111101')).not.toBeNull();
  });

  test('holds the latest entries, whatever ids come again', () => {
    const ids = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), { maxLength: 60 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), ids, (capacity, entries) => {
        const book = receiptBook(capacity);
        for (const [seq, id] of entries.entries()) book.enter(part(id, '919811111101', seq));

        const latest = new Map(entries.map((id, seq) => [id, seq] as const).slice(-capacity));
        expect(book.size()).toBe(latest.size);
        for (const id of new Set(entries)) expect(book.find(id, '919811111101')?.seq).toBe(latest.get(id));
      }),
    );
  });
});
