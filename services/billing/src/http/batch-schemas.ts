import { isChanged } from '@bijli/service';
import { z } from 'zod';
import { waitingCodes } from '../domain/account.ts';
import { billFields, paymentFields, reference, takingBackFields } from './request-schemas.ts';

/** Most events of one request: as many as the subscription takes at once. */
const MAX_EVENTS = 1_000;
/** So many of the longest. */
export const MAX_BATCH_BYTES = 400_000;

const eventSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('BillGenerated'), ...billFields }),
  z.strictObject({ type: z.literal('PaymentReceived'), ...paymentFields }),
  z.strictObject({ type: z.literal('PaymentReversed'), reference, ...takingBackFields }),
  z.strictObject({ type: z.literal('BillCancelled'), reference, ...takingBackFields }),
]);

/** Events of mixed kinds, in the order in which they are meant. */
export const accountEvents = z
  .strictObject({ events: z.array(eventSchema).min(1).max(MAX_EVENTS) })
  .meta({ id: 'AccountEvents' });

export const batchQuery = z.strictObject({
  dryRun: z
    .enum(['true', 'false'])
    .default('false')
    .transform((text) => text === 'true')
    .meta({ type: 'boolean', description: 'Say what would happen, and write nothing', default: false }),
});

const outcome = z.enum(['taken', 'repeated', 'waiting']);

/** What became of each event, in the order of the request. */
export const batchAnswer = z
  .strictObject({
    isDryRun: z.boolean(),
    isChanged,
    counts: z.strictObject({ taken: z.int(), repeated: z.int(), waiting: z.int() }),
    events: z.array(
      z.strictObject({
        outcome,
        waitsFor: z.enum(waitingCodes).optional().meta({ description: 'What is not there yet, or still there' }),
        version: z.int().optional().meta({ description: 'Number of the entry, where one was made' }),
        outstandingPaise: z.int().optional().meta({ description: 'Outstanding after the entry' }),
      }),
    ),
  })
  .meta({ id: 'AccountEventsAnswer' });
