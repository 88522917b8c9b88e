import type { Database } from '@bijli/postgres';
import { endpoint, instantText, type Reply } from '@bijli/service';
import { z } from 'zod';
import { readSendingSwitch, setSendingSwitch } from '../store/sending-switch.ts';

const body = z.strictObject({
  isStopped: z.boolean(),
  reason: z.string(),
  changedBy: z.string(),
  changedAt: instantText,
});
const responses = { 200: { description: 'The stop switch', body } };

/** Whether texts go out, who said so last, and why. */
export const getSending = (db: Database) =>
  endpoint({
    method: 'get',
    path: '/v1/sending',
    operationId: 'getSending',
    summary: 'The stop switch',
    description: 'Whether texts go out, who said so last, and why.',
    responses,
    handle: () => replyOf(db),
  });

/** Stops or resumes all sending. What is in flight still finishes. */
export const putSending = (db: Database, onChanged: () => void) =>
  endpoint({
    method: 'put',
    path: '/v1/sending',
    operationId: 'changeSending',
    summary: 'Stop or resume all sending',
    description: 'What is in flight still finishes. The reason stands in the answer of GET for the next shift.',
    examples: () => ({ body: { isStopped: false, reason: 'Tried from the API page', changedBy: 'control-room-2' } }),
    body: z.strictObject({
      isStopped: z.boolean(),
      reason: z.string().min(1).max(200),
      changedBy: z.string().min(1).max(80),
    }),
    responses,
    handle: async ({ body: change }) => {
      await setSendingSwitch(db, change);
      onChanged();
      return replyOf(db);
    },
  });

async function replyOf(db: Database): Promise<Reply> {
  const state = await readSendingSwitch(db);
  return { status: 200, body: { ...state, changedAt: state.changedAt.toISOString() } };
}
