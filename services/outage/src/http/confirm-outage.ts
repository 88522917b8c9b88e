import type { Endpoint } from '@bijli/service';
import { z } from 'zod';
import { changeEndpoint } from './change-endpoint.ts';
import type { HttpContext } from './context.ts';

/** POST /v1/outages/{id}/confirmation: a person has looked, and what a machine said is so. */
export function confirmOutageEndpoint(context: HttpContext): Endpoint {
  return changeEndpoint(context, {
    method: 'post',
    step: 'confirmation',
    operationId: 'confirmOutage',
    summary: 'Confirm what a machine reported',
    description: 'The cut or the restoration that waits for a person’s word (`pending`) is told now.',
    body: z.strictObject({}).meta({ id: 'Confirmation' }),
    example: () => ({}),
    done: 'Confirmed, and told',
    refusals: ['nothing-to-confirm'],
    command: (asked) => ({ type: 'confirm-outage', ...asked }),
  });
}
