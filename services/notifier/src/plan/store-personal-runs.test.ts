import { describe, expect, test } from '@jest/globals';
import { accountEvent, payment } from '../../test/personal-news.ts';
import { accountNews } from '../domain/account-news.ts';
import type { PersonalMessage } from '../domain/personal-message.ts';
import { runsOf } from './store-personal-runs.ts';

const now = new Date('2026-01-30T08:00:00Z');
function message(event: Parameters<typeof accountNews>[0]): PersonalMessage {
  const found = accountNews(event, now)?.message;
  if (found === null || found === undefined) throw new Error('no message');
  return found;
}
const at = { occurredAt: now };

describe('personal runs', () => {
  test('carry many messages of one kind, and one of a connection', () => {
    const runs = runsOf([
      message(accountEvent('1000000001', at)),
      message(accountEvent('1000000002', at)),
      message(payment('1000000003', at)),
      message(payment('1000000003', { ...at, reference: 'T-2' })),
    ]);

    expect(runs.map((run) => run.map(({ kind, reference }) => `${kind} ${reference}`))).toEqual([
      ['bill B-1', 'bill B-1'],
      ['payment T-1'],
      ['payment T-2'],
    ]);
  });

  test('keep apart what waits for an operator, and what ends earlier', () => {
    const late = { occurredAt: new Date(now.getTime() - 80 * 3_600_000) };
    const runs = runsOf([
      message(accountEvent('1000000001', at)),
      message(accountEvent('1000000002', late)),
      message(accountEvent('1000000003', { ...at, dueOn: '2026-01-31' })),
    ]);

    expect(runs.map(([{ isHeld, notAfter }]) => `${isHeld} ${notAfter.toISOString()}`)).toEqual([
      'false 2026-02-02T08:00:00.000Z',
      'true 2026-02-02T08:00:00.000Z',
      'false 2026-01-31T18:30:00.000Z',
    ]);
  });
});
