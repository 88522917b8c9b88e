import { describe, expect, test } from '@jest/globals';
import type { Complaint, Status } from './complaint.ts';
import { complaintToJoin } from './lodge-complaint.ts';

const estimate = new Date('2026-01-30T10:00:00Z');
const outage = { outageId: 'o-1', cause: 'storm', estimatedRestorationAt: estimate };
const standing = (status: Status) => ({ id: status, status, ...outage }) as Complaint;
const answered = standing('answered');

describe('complaintToJoin', () => {
  test.each(['lodged', 'assigned', 'in-progress', 'reopened'] as const)(
    'is the one that is %s, whatever explains it',
    (status) => {
      const open = standing(status);

      expect(complaintToJoin({ open, answered: null }, null)).toBe(open);
      expect(complaintToJoin({ open, answered }, outage)).toBe(open);
    },
  );

  test('is the one said to be fixed, unless an outage explains why it is dark now', () => {
    const open = standing('resolved');

    expect(complaintToJoin({ open, answered: null }, null)).toBe(open);
    expect(complaintToJoin({ open, answered: null }, outage)).toBeNull();
  });

  test('is the answer, while the outage still says the same', () => {
    const before = { open: null, answered };

    expect(complaintToJoin(before, outage)).toBe(answered);
    expect(complaintToJoin(before, { ...outage, estimatedRestorationAt: new Date(0) })).toBeNull();
    expect(complaintToJoin(before, { ...outage, cause: 'overload' })).toBeNull();
    expect(complaintToJoin(before, { ...outage, outageId: 'o-2' })).toBeNull();
    expect(complaintToJoin(before, null)).toBeNull();
  });

  test('is none where nothing was lodged', () => {
    expect(complaintToJoin({ open: null, answered: null }, null)).toBeNull();
    expect(complaintToJoin({ open: null, answered: null }, outage)).toBeNull();
  });
});
