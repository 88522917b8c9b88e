import type { Endpoint } from '@bijli/service';
import { z } from 'zod';
import { changeEndpoint } from './change-endpoint.ts';
import type { HttpContext } from './context.ts';

/** POST /v1/outages/{id}/undo: takes back the latest change that nobody was told of yet. */
export function undoChangeEndpoint(context: HttpContext): Endpoint {
  return changeEndpoint(context, {
    method: 'post',
    step: 'undo',
    operationId: 'undoChange',
    summary: 'Take back an announcement, a new window or a cancellation',
    description:
      'While it is `pending`: nobody is told of it. Planned work that was announced without a draft is dropped, an approved draft is ' +
      'approved still.',
    body: z.strictObject({}).meta({ id: 'Undo' }),
    example: () => ({}),
    done: 'The outage as it was before',
    refusals: ['nothing-to-undo'],
    command: (asked) => ({ type: 'undo-change', ...asked }),
  });
}
