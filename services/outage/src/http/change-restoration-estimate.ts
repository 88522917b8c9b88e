import { type Endpoint, instant } from '@bijli/service';
import { z } from 'zod';
import { addMinutes } from '../domain/limits.ts';
import { changeEndpoint } from './change-endpoint.ts';
import type { HttpContext } from './context.ts';
import { estimateSource } from './request-schemas.ts';
import { undoable } from './waits.ts';

const ESTIMATE = '/body/estimatedRestorationAt';
/** The end of planned work is set by its estimate here. */
const fieldFor = { 'ends-before-start': ESTIMATE, 'window-too-long': ESTIMATE, 'already-out': ESTIMATE };

/** Minutes from now. */
const EXAMPLE_IS_IN = 240;

/** PUT /v1/outages/{id}/restoration-estimate: says anew when supply is expected back. */
export function changeRestorationEstimateEndpoint(context: HttpContext): Endpoint {
  return changeEndpoint(context, {
    method: 'put',
    step: 'restoration-estimate',
    operationId: 'changeRestorationEstimate',
    summary: 'Change when supply is expected back; for planned work this moves its end',
    description:
      'The people who were told the time before are told this one. The same estimate again changes nothing ' +
      '(`isChanged` is false), and nobody is told twice. Of work that has not started it can be taken back, as a new window can.',
    body: z.strictObject({ estimatedRestorationAt: instant, estimateSource }).meta({ id: 'RestorationEstimate' }),
    example: (now) => ({ estimatedRestorationAt: addMinutes(now, EXAMPLE_IS_IN).toISOString() }),
    done: 'Supply is expected then; isChanged says whether it was before',
    refusals: [
      'already-restored',
      'already-cancelled',
      'already-dropped',
      'not-announced',
      'change-pending',
      'already-out',
      'estimate-in-the-past',
      'estimate-too-far-ahead',
      'ends-before-start',
      'window-too-long',
    ],
    fieldFor,
    command: (asked, body) => ({
      ...{ type: 'change-restoration-estimate', ...asked, estimatedRestorationAt: body.estimatedRestorationAt },
      ...{ estimateSource: body.estimateSource ?? 'control-room', ...undoable(context) },
    }),
  });
}
