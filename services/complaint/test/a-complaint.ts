import { newId } from '@bijli/units';
import type { Complaint } from '../src/domain/complaint.ts';

const noon = Date.UTC(2026, 0, 30, 12);
let place = 0;

/** Hours from noon of a day. */
export function at(hours: number): Date {
  return new Date(noon + hours * 3_600_000);
}

/** A ticket of a connection of its own. */
export function aComplaint(given: Partial<Complaint> = {}): Complaint {
  place += 1;
  return {
    id: newId(noon + place),
    version: 1,
    complaintNumber: `CMP-2026-${String(place).padStart(7, '0')}`,
    connectionId: newId(),
    accountNumber: '4100000001',
    kind: 'no-supply',
    area: 'town',
    status: 'lodged',
    cycle: 1,
    lodgedAt: at(0),
    dueAt: at(4),
    outageId: null,
    cause: null,
    estimatedRestorationAt: null,
    officeCode: null,
    escalationLevel: 0,
    joinedCount: 0,
    question: null,
    proof: null,
    closedAt: null,
    ...given,
  };
}

/** The same complaint, said to be fixed; `answerDueAt` 72 h after noon unless told. */
export function resolvedFrom(complaint: Complaint, answerDueAt = at(72)): Complaint {
  const question = { askedAt: at(0), askedHow: 'sms', eventId: newId(), answerDueAt } as const;
  return { ...complaint, version: complaint.version + 1, status: 'resolved', dueAt: null, question };
}
