import { z } from 'zod';
import { type Behaviour, wellBehaved } from './domain/behaviour.ts';

const milliseconds = z.int().min(0).max(600_000);
const rate = z.number().min(0).max(1);
const perSecond = z.int().min(1).max(1_000_000);
const idFormat = z.enum(['decimal', 'padded', 'hex', 'upper-hex']);

/** The knobs of the SMSC as JSON; what is left out is as in a good SMSC. */
export const behaviourSchema = z.strictObject({
  answerDelayMs: milliseconds
    .default(wellBehaved.answerDelayMs)
    .meta({ description: 'From a submit_sm to its answer' }),
  throttleAbovePerSecond: perSecond
    .nullable()
    .default(wellBehaved.throttleAbovePerSecond)
    .meta({ description: 'ESME_RTHROTTLED above so many submit_sm a second' }),
  refuseStatus: z
    .int()
    .min(1)
    .max(0xffffffff)
    .nullable()
    .default(wellBehaved.refuseStatus)
    .meta({ description: 'command_status that every submit_sm is refused with' }),
  noAnswerRate: rate.default(wellBehaved.noAnswerRate).meta({ description: 'Share of submit_sm without any answer' }),
  disconnectEverySubmits: perSecond
    .nullable()
    .default(wellBehaved.disconnectEverySubmits)
    .meta({ description: 'The connection is cut at every so many submit_sm' }),
  scrubErrorRate: rate
    .default(wellBehaved.scrubErrorRate)
    .meta({ description: 'Share of messages with DLT error 630' }),
  scrubRefusesSubmit: z
    .boolean()
    .default(wellBehaved.scrubRefusesSubmit)
    .meta({ description: 'Scrub failures refuse the submit_sm instead of coming in the receipt' }),
  receiptDelayMs: z
    .strictObject({ least: milliseconds, most: milliseconds })
    .refine(({ least, most }) => least <= most, { error: 'least is above most', params: { rule: 'order' } })
    .default(wellBehaved.receiptDelayMs)
    .meta({ description: 'From the answer to the receipt' }),
  earlyReceiptRate: rate
    .default(wellBehaved.earlyReceiptRate)
    .meta({ description: 'Share of receipts before the answer' }),
  lateReceiptRate: rate
    .default(wellBehaved.lateReceiptRate)
    .meta({ description: 'Share of receipts that come lateReceiptMs later' }),
  lateReceiptMs: milliseconds.default(wellBehaved.lateReceiptMs),
  missingReceiptRate: rate.default(wellBehaved.missingReceiptRate),
  repeatedReceiptRate: rate.default(wellBehaved.repeatedReceiptRate),
  weakerReceiptRate: rate
    .default(wellBehaved.weakerReceiptRate)
    .meta({ description: 'Share of receipts followed by an ENROUTE' }),
  otherBindReceiptRate: rate
    .default(wellBehaved.otherBindReceiptRate)
    .meta({ description: 'Share of receipts on another connection' }),
  lastPartReceiptOnly: z.boolean().default(wellBehaved.lastPartReceiptOnly),
  messageIdInAnswer: idFormat.default(wellBehaved.messageIdInAnswer),
  messageIdInReceipt: idFormat.default(wellBehaved.messageIdInReceipt),
  receiptParameters: z
    .boolean()
    .default(wellBehaved.receiptParameters)
    .meta({ description: 'receipted_message_id and message_state beside the text' }),
}) satisfies z.ZodType<Behaviour>;
