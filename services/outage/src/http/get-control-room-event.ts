import { type Endpoint, endpoint, problem } from '@bijli/service';
import { z } from 'zod';
import { getControlRoomEvent } from '../store/control-room-events.ts';
import type { HttpContext } from './context.ts';
import { controlRoomEvent, controlRoomEventSchema } from './control-room-event-view.ts';

/** GET /v1/control-room-events/{eventId}: whether an event of the control room was taken, and why not. */
export function getControlRoomEventEndpoint({ db }: Pick<HttpContext, 'db'>): Endpoint {
  return endpoint({
    method: 'get',
    path: '/v1/control-room-events/{eventId}',
    operationId: 'getControlRoomEvent',
    summary: 'What became of one event of the control room',
    description: 'Asked by the id that the control room gave its event.',
    params: z.object({ eventId: z.uuid().meta({ description: 'The eventId that the control room gave it' }) }),
    responses: {
      200: { description: 'Taken, taken without a change, or refused', body: controlRoomEventSchema },
      404: { description: '`no-such-event`: No event with this id was received, or it could not be read' },
    },
    handle: async ({ params: { eventId } }) => {
      const heard = await getControlRoomEvent(db, eventId);
      return heard.length === 0
        ? problem(404, 'no-such-event', 'No event with this id was received, or it could not be read')
        : { status: 200, body: controlRoomEvent(eventId, heard) };
    },
  });
}
