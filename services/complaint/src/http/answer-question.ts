import type { Endpoint } from '@bijli/service';
import { z } from 'zod';
import { answerQuestion } from '../flows/change-complaint.ts';
import { changeEndpoint } from './change-endpoint.ts';
import type { HttpContext } from './context.ts';
import { accountNumber } from './request-schemas.ts';

/** POST /v1/complaints/{number}/confirmation: the consumer's answer to "is it back?"; yes closes, no opens it again. */
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
