import type { AccountEvent } from '@bijli/events';
import { describe, expect, test } from '@jest/globals';
import { accountEvent } from '../../test/personal-news.ts';
import { accountNews } from './account-news.ts';

const unknown = (outstandingPaise: number): AccountEvent =>
  accountEvent('1000000001', {
    ...({ type: 'SubsidyCredited' } as unknown as Partial<AccountEvent>),
    reference: 'S-1',
    version: 7,
    outstandingPaise,
  });

describe('an entry of a type that is not known', () => {
  test.each([
    [1, 'S-1'],
    [0, null],
    [-100, null],
  ])('that leaves %d paise outstanding tells nothing, and withdraws the bills that are false', (outstanding, bills) => {
    expect(accountNews(unknown(outstanding), new Date())).toEqual({
      connectionId: unknown(0).aggregateId,
      version: 7,
      message: null,
      withdraws: [
        { subject: 'bill', reference: bills },
        { subject: 'payment', reference: 'S-1' },
      ],
    });
  });
});
