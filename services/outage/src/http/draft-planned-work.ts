import { type Endpoint, endpoint, instant } from '@bijli/service';
import { newId } from '@bijli/units';
import { z } from 'zod';
import { addMinutes } from '../domain/limits.ts';
import { openOutage } from '../flows/open-outage.ts';
import { answerInTransaction } from './answer-in-transaction.ts';
import type { HttpContext } from './context.ts';
import { openedHeaders, changedOutageSchema } from './outage-view.ts';
import { refusedAs } from './problems.ts';
import { cause, exceptNodeIds, nodeIds, onceHeaders, person } from './request-schemas.ts';

/** Minutes: the example is work of three hours on the next day. */
const [EXAMPLE_STARTS_IN, EXAMPLE_ENDS_IN] = [1_440, 1_620];

/** POST /v1/planned-outage-drafts: drafts planned work that another person approves. */
export function draftPlannedWorkEndpoint(context: HttpContext): Endpoint {
  return endpoint({
    method: 'post',
    path: '/v1/planned-outage-drafts',
    operationId: 'draftPlannedWork',
    summary: 'Draft planned work',
    description:
      'Nobody is told, and it stands in no list that does not ask for drafts. Another person approves it, then it is announced.',
    headers: onceHeaders,
    body: z
      .strictObject({ nodeIds, exceptNodeIds, cause, startsAt: instant, endsAt: instant, draftedBy: person })
      .meta({ id: 'PlannedOutageDraft' }),
    examples: (now) => ({
      body: {
        nodeIds: ['F-1203'],
        cause: 'maintenance',
        startsAt: addMinutes(now, EXAMPLE_STARTS_IN).toISOString(),
        endsAt: addMinutes(now, EXAMPLE_ENDS_IN).toISOString(),
        draftedBy: 'Asha Verma',
      },
    }),
    responses: {
      201: { description: 'Drafted', body: changedOutageSchema, headers: openedHeaders },
      ...refusedAs(
        'unknown-node',
        'not-below',
        'excludes-everything',
        'too-many-parts',
        'starts-in-the-past',
        'starts-too-far-ahead',
        'ends-before-start',
        'window-too-long',
      ),
    },
    handle: ({ body, headers }) =>
      answerInTransaction(
        context,
        { operation: 'draft-planned-work', idempotencyKey: headers['idempotency-key'], request: body },
        async (tx, moment) => {
          const { exceptNodeIds: excepted = [], ...rest } = body;
          const ids = { outageId: newId(), eventId: newId() };
          const estimateSource = 'control-room';
          const opened = await openOutage(
            tx,
            {
              ...{ type: 'draft-planned-work', ...ids, ...rest, exceptNodeIds: excepted },
              estimateSource,
            },
            moment,
          );
          return { ...opened, status: 201 };
        },
      ),
  });
}
