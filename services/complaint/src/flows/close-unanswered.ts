import type { ComplaintEvent } from '@bijli/events';
import type { Transaction } from '@bijli/postgres';
import { newId } from '@bijli/units';
import { decide } from '../domain/decide.ts';
import { lockUnanswered } from '../store/unanswered-complaints.ts';
import { type Moment, saveDecision } from './save-decision.ts';

/**
 * Closes complaints whose consumer was asked and did not answer in time, inside the caller's transaction: so many at
 * most, one replica at a time. It gives the events that tell of it.
 */
export async function closeUnanswered(tx: Transaction, atMost: number, moment: Moment): Promise<ComplaintEvent[]> {
  const closed: ComplaintEvent[] = [];
  for (const complaint of await lockUnanswered(tx, moment.now, atMost)) {
    const decided = decide(complaint, { type: 'close-by-time-out', eventId: newId() }, moment.now);
    const decision = await saveDecision(tx, decided, moment);
    if (decision.accepted) closed.push(...decision.events);
  }
  return closed;
}
