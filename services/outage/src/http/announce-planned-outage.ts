import { type Endpoint, endpoint, instant } from '@bijli/service';
import { newId } from '@bijli/units';
import { z } from 'zod';
import { addMinutes } from '../domain/limits.ts';
import { openOutage } from '../flows/open-outage.ts';
import { answerInTransaction } from './answer-in-transaction.ts';
import type { HttpContext } from './context.ts';
import { openedHeaders, changedOutageSchema } from './outage-view.ts';
import { refusedAs } from './problems.ts';
import { cause, exceptNodeIds, nodeIds, onceHeaders } from './request-schemas.ts';
import { undoable } from './waits.ts';

/** Minutes: the example is work of three hours on the next day. */
const [EXAMPLE_STARTS_IN, EXAMPLE_ENDS_IN] = [1_440, 1_620];

/** POST /v1/planned-outages: announces work ahead of its start, with its cause and when supply returns. */
export function announcePlannedOutageEndpoint(context: HttpContext): Endpoint {
  return endpoint({
    method: 'post',
    path: '/v1/planned-outages',
    operationId: 'announcePlannedOutage',
    summary: 'Announce planned work ahead of its start',
    description:
      'The people below these nodes are told, when the time to take it back (`pending`) is over. Work is announced before it ' +
      'starts, within 90 days, and lasts 24 hours at most.',
    headers: onceHeaders,
    body: z
      .strictObject({ nodeIds, exceptNodeIds, cause, startsAt: instant, endsAt: instant })
      .meta({ id: 'PlannedOutage' }),
    examples: (now) => ({
      body: {
        nodeIds: ['F-1203'],
        cause: 'maintenance',
        startsAt: addMinutes(now, EXAMPLE_STARTS_IN).toISOString(),
        endsAt: addMinutes(now, EXAMPLE_ENDS_IN).toISOString(),
      },
    }),
    responses: {
      201: { description: 'Announced', body: changedOutageSchema, headers: openedHeaders },
      ...refusedAs(
        'already-out',
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
        { operation: 'announce-planned-outage', idempotencyKey: headers['idempotency-key'], request: body },
        async (tx, moment) => {
          const { exceptNodeIds: excepted = [], ...rest } = body;
          const ids = { outageId: newId(), eventId: newId() };
          const estimateSource = 'control-room';
          const opened = await openOutage(
            tx,
            {
              ...{ type: 'announce-planned-work', ...ids, ...rest, exceptNodeIds: excepted },
              ...{ estimateSource, ...undoable(context) },
            },
            moment,
          );
          return { ...opened, status: 201 };
        },
      ),
  });
}
