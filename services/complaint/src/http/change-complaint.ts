import type { Endpoint } from '@bijli/service';
import { z } from 'zod';
import { answerQuestion, reopenComplaint, workOnComplaint } from '../flows/change-complaint.ts';
import { changeEndpoint } from './change-endpoint.ts';
import type { HttpContext } from './context.ts';
import { accountNumber, officeCode } from './request-schemas.ts';

/** Makes POST /v1/complaints/{number}/assignment, which gives an open complaint to an office, or to another one. */
export function assignComplaintEndpoint(context: HttpContext): Endpoint {
  return changeEndpoint(context, {
    step: 'assignment',
    operationId: 'assignComplaint',
    summary: 'Give the complaint to an office',
    description: 'An open complaint goes to an office, or from one to another.',
    body: z.strictObject({ officeCode }).meta({ id: 'Assignment' }),
    example: { officeCode: 'JE-SADAR-03' },
    refusals: ['already-assigned', 'already-answered', 'already-resolved', 'already-closed'],
    decideIn: (tx, { number, body, change }, moment) =>
      workOnComplaint(tx, number, { type: 'assign-complaint', ...change, ...body }, moment),
  });
}

/** Makes POST /v1/complaints/{number}/work: the office has begun. */
export function beginWorkEndpoint(context: HttpContext): Endpoint {
  return changeEndpoint(context, {
    step: 'work',
    operationId: 'beginWork',
    summary: 'Note that work has begun',
    description: 'The office that has it has begun.',
    body: z.strictObject({}).meta({ id: 'WorkBegun' }),
    example: {},
    refusals: ['not-assigned', 'work-begun', 'already-answered', 'already-resolved', 'already-closed'],
    decideIn: (tx, { number, change }, moment) =>
      workOnComplaint(tx, number, { type: 'begin-work', ...change }, moment),
  });
}

/** Makes POST /v1/complaints/{number}/resolution: somebody says it is fixed, so the consumer is asked; nothing is closed by it. */
export function resolveComplaintEndpoint(context: HttpContext): Endpoint {
  const { answerWithinMs } = context;
  return changeEndpoint(context, {
    step: 'resolution',
    operationId: 'resolveComplaint',
    summary: 'Say that it is fixed, and ask the consumer',
    description: 'Nothing is closed by it: the consumer is asked, and has time to answer.',
    body: z.strictObject({}).meta({ id: 'Resolution' }),
    example: {},
    refusals: ['already-answered', 'already-resolved', 'already-closed'],
    decideIn: (tx, { number, change }, moment) =>
      workOnComplaint(tx, number, { type: 'resolve-complaint', ...change, answerWithinMs }, moment),
  });
}

/** Makes POST /v1/complaints/{number}/confirmation: the consumer's answer to "is it back?"; yes closes, no opens it again. */
export function answerQuestionEndpoint(context: HttpContext): Endpoint {
  return changeEndpoint(context, {
    step: 'confirmation',
    operationId: 'answerQuestion',
    summary: 'Answer, as the consumer, whether it is fixed',
    description:
      'Yes closes the complaint, no opens it again. The consumer is known by an account number of the connection.',
    body: z
      .strictObject({ accountNumber, isBack: z.boolean().meta({ description: 'true closes, false opens it again' }) })
      .meta({ id: 'Confirmation' }),
    example: { accountNumber: '4100000005', isBack: true },
    refusals: ['already-closed', 'not-resolved'],
    decideIn: (tx, { number, body, change }, moment) =>
      answerQuestion(tx, number, { type: 'answer-question', ...change, ...body }, moment),
  });
}

/** Makes POST /v1/complaints/{number}/reopening: the consumer says that it is not fixed, also within 7 days after it was closed. */
export function reopenComplaintEndpoint(context: HttpContext): Endpoint {
  return changeEndpoint(context, {
    step: 'reopening',
    operationId: 'reopenComplaint',
    summary: 'Open the complaint again, as its consumer',
    description:
      'Also within 7 days after it was closed. The consumer is known by an account number of the connection.',
    body: z.strictObject({ accountNumber }).meta({ id: 'Reopening' }),
    example: { accountNumber: '4100000005' },
    refusals: ['closed-too-long-ago', 'open-elsewhere'],
    decideIn: (tx, { number, body, change }, moment) =>
      reopenComplaint(tx, number, { type: 'reopen-complaint', ...change, ...body }, moment),
  });
}
