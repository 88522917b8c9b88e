import { describe, expect, test } from '@jest/globals';
import { describeSubscriptions } from './describe-subscriptions.ts';

describe('describeSubscriptions', () => {
  test('writes one aligned line a subscription', () => {
    const table = describeSubscriptions([
      {
        subscription: 'outage-alerts',
        topic: 'outage.outage.v1',
        heardAs: 'inbox, latest-wins',
        group: 'notifier.outage-alerts',
      },
      {
        subscription: 'audience',
        topic: 'consumer-registry.connection.v1',
        heardAs: 'projection',
        group: 'notifier.audience',
      },
    ]);

    expect(table.split('\n')).toEqual([
      'subscription   topic                            heard as            group',
      'outage-alerts  outage.outage.v1                 inbox, latest-wins  notifier.outage-alerts',
      'audience       consumer-registry.connection.v1  projection          notifier.audience',
    ]);
  });
});
