import { instantText, isChanged } from '@bijli/service';
import { z } from 'zod';
import { paymentKindOf } from '../domain/decide.ts';
import type { Entry } from '../store/entry-row.ts';

/** Trace of the request or event that something came with. */
export const traceId = z
  .string()
  .length(32)
  .nullable()
  .meta({ description: 'Trace, for `npm run trace`', example: '4bf92f3577b34da6a3ce929d0e0e4736' });

export const postingType = z.enum(['BillGenerated', 'PaymentReceived', 'PaymentReversed', 'BillCancelled']);

/** An entry in an answer. */
export const entrySchema = z
  .strictObject({
    eventId: z.uuid().meta({ description: 'The event of billing.account.v1 that tells of it' }),
    accountNumber: z.string().nullable().meta({ description: 'Today’s number; null when the connection is erased' }),
    version: z.int().min(1).meta({ description: 'Number of the entry within its account, without gaps' }),
    type: postingType,
    reference: z.string(),
    amountPaise: z.int().min(0),
    outstandingPaise: z.int().meta({ description: 'Outstanding after this entry; below 0 is an advance' }),
    paymentKind: z.enum(['part', 'full', 'advance']).nullable(),
    issuedOn: z.string().nullable(),
    dueOn: z.string().nullable(),
    occurredAt: instantText,
    enteredAt: instantText,
    traceId,
  })
  .meta({ id: 'Entry' });

/** A page of entries. */
export const entryPage = z.strictObject({ items: z.array(entrySchema), nextCursor: z.string().nullable() });

const enteredSchema = z.strictObject({ ...entrySchema.shape, isChanged }).meta({ id: 'EnteredEntry' });

/** The answers of what enters one posting; its refusals are its own. */
export const entryResponses = {
  200: { description: 'Nothing was entered: it was there before, just so', body: enteredSchema },
  201: { description: 'Entered', body: enteredSchema },
};

/** Writes an entry. */
export function entryView({ accountId: _ours, occurredAt, enteredAt, ...entry }: Entry): z.output<typeof entrySchema> {
  return {
    ...entry,
    paymentKind: paymentKindOf(entry),
    occurredAt: occurredAt.toISOString(),
    enteredAt: enteredAt.toISOString(),
  };
}
