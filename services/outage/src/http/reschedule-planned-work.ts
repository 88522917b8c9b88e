import { type Endpoint, instant } from '@bijli/service';
import { z } from 'zod';
import { addMinutes } from '../domain/limits.ts';
import { changeEndpoint } from './change-endpoint.ts';
import type { HttpContext } from './context.ts';
import { undoable } from './waits.ts';

const fieldFor = { 'estimate-in-the-past': '/body/endsAt', 'already-out': '/body/startsAt' };
/** Minutes: the example is work of three hours in two days. */
const [EXAMPLE_STARTS_IN, EXAMPLE_ENDS_IN] = [2_880, 3_060];

/** PUT /v1/outages/{id}/window: moves planned work that has not started. */
export function reschedulePlannedWorkEndpoint(context: HttpContext): Endpoint {
  return changeEndpoint(context, {
    method: 'put',
    step: 'window',
    operationId: 'reschedulePlannedWork',
    summary: 'Move planned work to another time',
    description:
      'Before it has started. The people who were told are told the new time, when the time to take it back is over. The same window ' +
      'again changes nothing (`isChanged` is false).',
    body: z.strictObject({ startsAt: instant, endsAt: instant }).meta({ id: 'Window' }),
    example: (now) => ({
      startsAt: addMinutes(now, EXAMPLE_STARTS_IN).toISOString(),
      endsAt: addMinutes(now, EXAMPLE_ENDS_IN).toISOString(),
    }),
    done: 'Moved; `pending` says until when it can be taken back',
    refusals: [
      'not-planned',
      'not-announced',
      'already-begun',
      'already-cancelled',
      'already-restored',
      'already-dropped',
      'change-pending',
      'already-out',
      'starts-in-the-past',
      'starts-too-far-ahead',
      'estimate-in-the-past',
      'ends-before-start',
      'window-too-long',
    ],
    fieldFor,
    command: (asked, body) => ({
      ...{ type: 'reschedule-planned-work', ...asked, ...body },
      ...{ estimateSource: 'control-room', ...undoable(context) },
    }),
  });
}
