import type { ComplaintEvent } from '@bijli/events';
import { describe, expect, test } from '@jest/globals';
import { complaintEvent } from '../../test/personal-news.ts';
import { complaintNews } from './complaint-news.ts';

const TYPES = [
  'ComplaintLodged',
  'ComplaintAnswered',
  'ComplaintAssigned',
  'ComplaintWorkBegun',
  'ComplaintResolved',
  'ComplaintReopened',
  'ComplaintClosed',
] as const satisfies readonly ComplaintEvent['type'][];
const PROOFS = [null, 'consumer-confirmed', 'time-out'] as const;

describe('the news of a complaint', () => {
  test('is "fixed" only when it was closed with the word of the consumer', () => {
    const fixed = TYPES.flatMap((type) => PROOFS.map((proof) => ({ type, proof }))).filter(
      (change) =>
        complaintNews(complaintEvent('1000000001', change), new Date()).message?.subject === 'complaint-fixed',
    );

    expect(fixed).toEqual([{ type: 'ComplaintClosed', proof: 'consumer-confirmed' }]);
  });

  test.each(['ComplaintAssigned', 'ComplaintWorkBegun', 'ComplaintReopened'] as const)(
    '%s is told to nobody',
    (type) => {
      expect(complaintNews(complaintEvent('1000000001', { type }), new Date()).message).toBeNull();
    },
  );

  test('an answer without the outage is told as its number', () => {
    const event = complaintEvent('1000000001', { type: 'ComplaintAnswered', outageId: null });

    expect(complaintNews(event, new Date()).message?.subject).toBe('complaint-lodged');
  });

  test('an answer just before supply is expected back is told as its number', () => {
    const now = new Date('2026-01-30T08:30:00Z');
    const subjectAt = (minutes: number) => {
      const estimatedRestorationAt = new Date(now.getTime() + minutes * 60_000);
      const outageFacts = { outageId: 'an outage', cause: 'storm', estimatedRestorationAt } as const;
      return complaintNews(complaintEvent('1000000001', { type: 'ComplaintAnswered', ...outageFacts }), now).message
        ?.subject;
    };

    expect([-1, 0, 4, 5].map(subjectAt)).toEqual([
      'complaint-lodged',
      'complaint-lodged',
      'complaint-lodged',
      'complaint-answered',
    ]);
  });

  test('of one complaint and cycle has one reference, so that each text of it is told once', () => {
    const references = [1, 2].map(
      (cycle) => complaintNews(complaintEvent('1000000001', { cycle }), new Date()).message?.reference,
    );

    expect(new Set(references).size).toBe(2);
  });

  test.each([
    ['lodged', []],
    ['answered', []],
    ['resolved', ['complaint-fixed/2', 'complaint-resolved/1', 'complaint-fixed/1']],
    ['closed', ['complaint-resolved/2', 'complaint-resolved/1', 'complaint-fixed/1']],
    ['reopened', ['complaint-resolved/2', 'complaint-fixed/2', 'complaint-resolved/1', 'complaint-fixed/1']],
    ['cancelled', ['complaint-resolved/2', 'complaint-fixed/2', 'complaint-resolved/1', 'complaint-fixed/1']],
  ])(
    'in a type that is not known withdraws what is false of one that is %s, and tells nothing',
    (status, withdrawn) => {
      const event = complaintEvent('1000000001', {
        ...({ type: 'ComplaintEscalated', status } as unknown as Partial<ComplaintEvent>),
        cycle: 2,
        proof: 'consumer-confirmed',
      });
      const { message, withdraws } = complaintNews(event, new Date());

      expect(message).toBeNull();
      expect(withdraws.map(({ subject, reference }) => `${subject}/${reference?.split('/')[1]}`)).toEqual(withdrawn);
    },
  );
});
