import { newId } from '@bijli/units';
import { describe, expect, test } from '@jest/globals';
import { connectionEvent } from '../../test/town-of-six.ts';
import { audienceRows } from './audience-row.ts';

describe('the audience rows of a connection', () => {
  test('without a number spread over all chunks alike, though every id has the same variant bits', () => {
    const quarters = Array.from({ length: 400 }, () => {
      const event = {
        ...connectionEvent({ account: '1000000001', node: 'DT-1' }, 1),
        aggregateId: newId(),
        contacts: [],
      };
      const [row] = audienceRows(event, () => 0n);
      return BigInt.asUintN(64, row?.mobileIndex ?? 0n) >> 62n;
    });

    for (const quarter of [0n, 1n, 2n, 3n])
      expect(quarters.filter((one) => one === quarter).length).toBeGreaterThan(50);
  });
});
