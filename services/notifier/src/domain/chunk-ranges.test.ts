import { describe, expect, test } from '@jest/globals';
import { CONTACTS_PER_CHUNK, chunkRanges } from './chunk-ranges.ts';

describe('chunk ranges', () => {
  test.each([0, 1, CONTACTS_PER_CHUNK, CONTACTS_PER_CHUNK + 1, 462_000, 500_000])(
    'cover every key once for %d contacts',
    (contacts) => {
      const ranges = chunkRanges(contacts);

      expect(ranges).toHaveLength(Math.max(1, Math.ceil(contacts / CONTACTS_PER_CHUNK)));
      expect(ranges[0]?.from).toBe(-(2n ** 63n));
      expect(ranges.at(-1)?.to).toBe(2n ** 63n - 1n);
      for (const [n, range] of ranges.entries()) {
        expect(range.from <= range.to).toBe(true);
        if (n > 0) expect(range.from).toBe((ranges[n - 1]?.to ?? 0n) + 1n);
      }
    },
  );
});
