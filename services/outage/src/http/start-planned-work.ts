import { type Endpoint, instant } from '@bijli/service';
import { z } from 'zod';
import { changeEndpoint } from './change-endpoint.ts';
import type { HttpContext } from './context.ts';

const START = '/body/startedAt';
const fieldFor = { 'ends-before-start': START, 'window-too-long': START };

/** POST /v1/outages/{id}/start: says that planned work has started, before its time. */
export function startPlannedWorkEndpoint(context: HttpContext): Endpoint {
  return changeEndpoint(context, {
    method: 'post',
    step: 'start',
    operationId: 'startPlannedWork',
    summary: 'Say that planned work has started',
    description: 'Work starts by itself when its time has come; this is for work that starts before.',
    body: z
      .strictObject({ startedAt: instant.optional().meta({ description: 'Now where absent' }) })
      .meta({ id: 'Start' }),
    example: () => ({}),
    done: 'Started',
    refusals: [
      'not-planned',
      'not-announced',
      'already-begun',
      'already-cancelled',
      'already-restored',
      'already-dropped',
      'started-in-the-future',
      'started-too-long-ago',
      'ends-before-start',
      'window-too-long',
    ],
    fieldFor,
    command: (asked, { startedAt = null }) => ({ type: 'start-planned-work', ...asked, startedAt }),
  });
}
