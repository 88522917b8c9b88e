import { newId } from '@bijli/units';
import type { Posting } from '../domain/account.ts';
import type { ReceivedPosting } from '../flows/received-posting.ts';
import type { Trace } from '@bijli/tracing';

/** A posting as a request tells it; what it does not say is now, or null. */
export type RequestedPosting = Pick<Posting, 'type' | 'accountNumber' | 'reference'> & {
  readonly amountPaise?: number;
  readonly issuedOn?: string;
  readonly dueOn?: string;
  readonly occurredAt?: Date | undefined;
};

/** Makes the posting of a request, heard now. A request names no event, so it gets an id of our own. */
export function receivedByRequest(requested: RequestedPosting, heardAt: Date, trace: Trace): ReceivedPosting {
  const { type, accountNumber, reference, amountPaise = null, issuedOn = null, dueOn = null } = requested;
  const { occurredAt = heardAt } = requested;
  const isDated = requested.occurredAt !== undefined;
  const when = { occurredAt, isDated };
  const posting = { eventId: newId(), type, ...when, accountNumber, reference, amountPaise, issuedOn, dueOn };
  return { posting, heardAt, eventId: newId(), kept: null, ...trace };
}
