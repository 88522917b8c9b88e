import { describe, expect, test } from '@jest/globals';
import { warningOf } from './topics.ts';

describe('another number of partitions', () => {
  test.each([
    ['billing.account.v1', 14, 'the first 12 are written to, all are heard; leave their number as it is'],
    ['billing.account.v1', 3, 'these are written to, all are heard; leave their number as it is'],
    ['billing-system.account.v1', 14, 'all are heard'],
    ['control-room.outage.v1', 3, 'all are heard'],
  ])('of %s, %i, is told with what it means', (topic, actual, meaning) => {
    expect(warningOf({ topic, declared: 12, actual })).toBe(
      `${topic} has ${actual} partitions instead of 12: ${meaning}`,
    );
  });
});
