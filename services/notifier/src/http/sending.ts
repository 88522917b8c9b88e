import { type Endpoint, endpoint, instantText, operatorText, type Reply } from '@bijli/service';
import { z } from 'zod';
import { measureBacklog } from '../store/runs/measure-backlog.ts';
import { readSendingSwitch, setSendingSwitch } from '../store/runs/sending-switch.ts';
import type { HttpContext } from './context.ts';

const count = z.int().nonnegative();

const body = z.strictObject({
  isStopped: z.boolean(),
  reason: z.string(),
  changedBy: z.string(),
  changedAt: instantText,
  link: z
    .strictObject({
      isUp: z.boolean(),
      since: instantText,
      problem: z.string().nullable().meta({ description: 'Why it is down', example: 'transceiver: ECONNREFUSED' }),
    })
    .meta({ description: 'The SMPP link of the process that answers' }),
  openRuns: count.meta({ description: 'Runs that are being sent or wait for it' }),
  waitingContacts: count.meta({ description: 'Contacts of open runs without an outcome' }),
  heldRuns: count.meta({ description: 'Held runs that may still be released' }),
  refusedRuns: count.meta({ description: 'Runs that were refused in the last 24 hours' }),
});
const responses = { 200: { description: 'The stop switch, the link, and what waits', body } };

/** Makes GET /v1/sending: whether texts go out, who said so last and why, and what else keeps them. */
export function getSendingEndpoint({ db, standing }: HttpContext): Endpoint {
  return endpoint({
    method: 'get',
    path: '/v1/sending',
    operationId: 'getSending',
    summary: 'The stop switch, the link, and what waits',
    description: 'Whether texts go out, who said so last and why, and what else keeps them.',
    responses,
    handle: () => replyOf({ db, standing }),
  });
}

/** Makes PUT /v1/sending, which stops or resumes all sending. What is in flight still finishes. */
export function putSendingEndpoint({ db, log, standing, wake }: HttpContext): Endpoint {
  return endpoint({
    method: 'put',
    path: '/v1/sending',
    operationId: 'changeSending',
    summary: 'Stop or resume all sending',
    description: 'What is in flight still finishes. The reason stands in the answer of GET for the next shift.',
    examples: () => ({ body: { isStopped: false, reason: 'Tried from the API page', changedBy: 'control-room-2' } }),
    body: z.strictObject({
      isStopped: z.boolean(),
      reason: operatorText(200),
      changedBy: operatorText(80),
    }),
    responses,
    handle: async ({ body: change }) => {
      await setSendingSwitch(db, change);
      const { isStopped, changedBy, reason } = change;
      if (isStopped) log.warn({ changedBy, reason }, 'sending is stopped');
      else log.info({ changedBy, reason }, 'sending goes on');
      wake();
      return replyOf({ db, standing });
    },
  });
}

async function replyOf({ db, standing }: Pick<HttpContext, 'db' | 'standing'>): Promise<Reply> {
  const [{ changedAt, ...state }, backlog] = await Promise.all([readSendingSwitch(db), measureBacklog(db)]);
  const { since, ...link } = standing();
  return {
    status: 200,
    body: {
      ...state,
      changedAt: changedAt.toISOString(),
      link: { ...link, since: since.toISOString() },
      ...backlog,
    },
  };
}
