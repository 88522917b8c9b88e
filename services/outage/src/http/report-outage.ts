import { type Endpoint, endpoint, instant } from '@bijli/service';
import { newId } from '@bijli/units';
import { z } from 'zod';
import type { Alone, ReportOutage } from '../domain/commands.ts';
import { openOutage } from '../flows/open-outage.ts';
import { answerInTransaction } from './answer-in-transaction.ts';
import type { HttpContext } from './context.ts';
import { changedOutageSchema, openedHeaders, outageHeaders } from './outage-view.ts';
import { refusedAs } from './problems.ts';
import { cause, estimateSource, exceptNodeIds, isConfirmed, nodeIds, onceHeaders } from './request-schemas.ts';
import { unlessConfirmed } from './waits.ts';

const reportSchema = z
  .strictObject({
    nodeIds,
    exceptNodeIds,
    cause,
    startedAt: instant.optional().meta({ description: 'Now where absent' }),
    estimatedRestorationAt: instant.optional().meta({ description: 'By the usual duration of the cause where absent' }),
    estimateSource,
    isConfirmed,
  })
  .meta({ id: 'UnplannedOutage' });

/** POST /v1/outages: reports a cut that nobody announced. */
export function reportOutageEndpoint(context: HttpContext): Endpoint {
  return endpoint({
    method: 'post',
    path: '/v1/outages',
    operationId: 'reportOutage',
    summary: 'Report an unplanned cut',
    description:
      'The people below these nodes are told its cause and when supply is expected back. One cut is open on ' +
      'a node at a time: a second report is refused, and the answer names the outage that is there. What went again within 10 ' +
      'minutes of its restoration, and what waits for a confirmation, is the outage that is there (200).',
    headers: onceHeaders,
    body: reportSchema,
    examples: () => ({ body: { nodeIds: ['F-1203'], cause: 'transformer-fault' } }),
    responses: {
      200: { description: 'About an outage that is there', body: changedOutageSchema, headers: outageHeaders },
      201: { description: 'Reported', body: changedOutageSchema, headers: openedHeaders },
      ...refusedAs(
        'already-out',
        'unknown-node',
        'not-below',
        'excludes-everything',
        'too-many-parts',
        'started-in-the-future',
        'started-too-long-ago',
        'estimate-in-the-past',
        'estimate-too-far-ahead',
      ),
    },
    handle: ({ body, headers }) =>
      answerInTransaction(
        context,
        { operation: 'report-outage', idempotencyKey: headers['idempotency-key'], request: body },
        async (tx, moment) => {
          const opened = await openOutage(tx, reportOf(body, context), moment);
          return { ...opened, status: opened.isJoined ? 200 : 201 };
        },
      ),
  });
}

function reportOf(body: z.output<typeof reportSchema>, context: HttpContext): Alone<ReportOutage> {
  const { nodeIds: named, exceptNodeIds: excepted = [], cause: code } = body;
  const { startedAt = null, estimatedRestorationAt = null, estimateSource: source = 'control-room' } = body;
  return {
    ...{ type: 'report-outage', outageId: newId(), eventId: newId(), nodeIds: named, exceptNodeIds: excepted },
    ...{ cause: code, startedAt, estimatedRestorationAt, estimateSource: source, ...unlessConfirmed(context, body) },
  };
}
