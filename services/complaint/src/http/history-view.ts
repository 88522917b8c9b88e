import { instantText, type Reply } from '@bijli/service';
import { z } from 'zod';
import type { History } from '../store/get-history.ts';
import { proof, questionSchema, questionView } from './complaint-view.ts';
import { status } from './request-schemas.ts';

const traceId = z
  .string()
  .length(32)
  .nullable()
  .meta({ description: 'Trace of the request, for `npm run trace`', example: '4bf92f3577b34da6a3ce929d0e0e4736' });

const event = z.strictObject({
  version: z.int(),
  eventId: z.uuid(),
  type: z.string(),
  cycle: z.int(),
  status,
  officeCode: z.string().nullable(),
  dueAt: instantText.nullable(),
  occurredAt: instantText,
  traceId,
});
const closing = z.strictObject({ cycle: z.int(), proof, question: questionSchema, closedAt: instantText });

/** What happened to a complaint, in which traces, and on what each closing stands. */
export const historySchema = z
  .strictObject({
    complaintNumber: z.string(),
    id: z.uuid(),
    traceId,
    events: z.array(event),
    closings: z.array(closing),
  })
  .meta({ id: 'ComplaintHistory' });

/** Answers with what happened to a complaint, and the trace of the latest event. */
export function historyReply(complaintNumber: string, { complaintId, events, closings }: History): Reply {
  const body = {
    complaintNumber,
    id: complaintId,
    traceId: events.at(-1)?.traceId ?? null,
    events: events.map(({ occurredAt, dueAt, ...rest }) => ({
      ...rest,
      dueAt: dueAt?.toISOString() ?? null,
      occurredAt: occurredAt.toISOString(),
    })),
    closings: closings.map(({ question, closedAt, ...rest }) => ({
      ...rest,
      question: questionView(question),
      closedAt: closedAt.toISOString(),
    })),
  };
  return { status: 200, body };
}
