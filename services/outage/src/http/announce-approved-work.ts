import type { Endpoint } from '@bijli/service';
import { z } from 'zod';
import { changeEndpoint } from './change-endpoint.ts';
import type { HttpContext } from './context.ts';
import { undoable } from './waits.ts';

/** What was drafted is wrong, nothing in this request. */
const fieldFor = {
  'already-out': null,
  'unknown-node': null,
  'not-below': null,
  'excludes-everything': null,
  'too-many-parts': null,
  'starts-in-the-past': null,
};

/** POST /v1/outages/{id}/announcement: announces planned work that was approved. */
export function announceApprovedWorkEndpoint(context: HttpContext): Endpoint {
  return changeEndpoint(context, {
    method: 'post',
    step: 'announcement',
    operationId: 'announceApprovedWork',
    summary: 'Announce planned work that was approved',
    description:
      'The people below its nodes are told, when the time to take it back is over. Its nodes are looked up in the network as it is now.',
    body: z.strictObject({}).meta({ id: 'Announcement' }),
    example: () => ({}),
    done: 'Announced; `pending` says until when it can be taken back',
    refusals: [
      'not-planned',
      'not-approved',
      'change-pending',
      'already-out',
      'unknown-node',
      'starts-in-the-past',
      'already-cancelled',
      'already-restored',
      'already-dropped',
    ],
    fieldFor,
    command: (asked) => ({ type: 'announce-approved-work', ...asked, ...undoable(context) }),
  });
}
