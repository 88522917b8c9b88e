import type { SubscriptionProgress } from '@bijli/kafka';
import { describe, expect, test } from '@jest/globals';
import { subscriptionsReadiness } from './subscriptions-readiness.ts';

const hearing = (more: Partial<SubscriptionProgress> = {}) => ({
  progress: (): SubscriptionProgress => ({
    ...{
      latestPollAt: 1,
      latestCommitAt: 1,
      uncommittedSince: null,
      lagRecords: 0,
      assigned: { told: [0] },
      troubles: [],
      ...more,
    },
  }),
});
const none = { parkedBatches: new Map<string, number>(), failedReadings: [] };

describe('subscriptions', () => {
  test('that all hear are ready, with nothing to say', () => {
    expect(subscriptionsReadiness({ heard: [hearing()], joinedOnce: true, ...none })).toEqual({ ok: true });
  });

  test('are not ready before they joined, and stay ready afterwards', () => {
    const heard = [hearing(), hearing({ assigned: null })];
    const detail = '1 of 2 not in their groups';

    expect(subscriptionsReadiness({ heard, joinedOnce: false, ...none })).toEqual({ ok: false, detail });
    expect(subscriptionsReadiness({ heard, joinedOnce: true, ...none })).toEqual({ ok: true, detail });
  });

  test('say what is parked, and what two readers of one cannot read, once', () => {
    const troubles = ['the broker does not give told [3]: error 56'];
    const heard = [hearing({ troubles }), hearing({ troubles })];
    const parkedBatches = new Map([
      ['accounts', 1],
      ['outages', 2],
    ]);

    expect(subscriptionsReadiness({ heard, joinedOnce: true, parkedBatches, failedReadings: [] })).toEqual({
      ok: true,
      detail: `${troubles[0]}; 1 parked batch of accounts; 2 parked batches of outages`,
    });
  });

  test('say which replays cannot be read from their topics, and why', () => {
    const failedReadings = [
      { subscription: 'accounts', failure: 'KafkaJSConnectionError', count: 2 },
      { subscription: 'outages', failure: 'BrokerRefusal 56', count: 1 },
    ];

    expect(subscriptionsReadiness({ ...none, heard: [hearing()], joinedOnce: true, failedReadings }).detail).toBe(
      '2 replays of accounts cannot be read yet: KafkaJSConnectionError; 1 replay of outages cannot be read yet: BrokerRefusal 56',
    );
  });
});
