import { instantText } from '@bijli/service';
import { z } from 'zod';
import { refusalsIn } from '../domain/control-room-refusal.ts';
import type { HeardEvent, RefusedEvent } from '../store/control-room-events.ts';
import type { TakenEvent } from '../store/note-control-room-event.ts';
import { traceId } from './outage-view.ts';

const sourceId = z.string().meta({ description: "The control room's own id of the outage" });

const takenSchema = z
  .strictObject({
    outcome: z.literal('taken'),
    eventId: z.uuid(),
    sourceId,
    outageId: z.uuid().meta({ description: 'Our id of the outage' }),
    type: z.string(),
    takenAt: instantText,
    traceId,
  })
  .meta({ id: 'TakenControlRoomEvent' });

const unchangedSchema = z
  .strictObject({ ...takenSchema.shape, outcome: z.literal('unchanged') })
  .meta({ id: 'UnchangedControlRoomEvent', description: 'It said what was so before' });

const refusedSchema = z
  .strictObject({
    outcome: z.literal('refused'),
    eventId: z.uuid().nullable().meta({ description: 'Null where the record could not be read' }),
    sourceId,
    reason: z.string().meta({ description: 'Why it is a dead letter', example: 'refused' }),
    detail: z.string(),
    errors: z
      .array(z.strictObject({ field: z.string(), rule: z.string(), detail: z.string() }))
      .meta({ description: 'The fields that broke a rule; empty where the record could not be read' }),
    deadLetterId: z.string().meta({ description: 'For `npm run dead-letters -- show --service outage --id`' }),
    state: z.enum(['waiting', 'replayed', 'discarded']),
    deaths: z.int().meta({ description: 'How often it was refused: more than once after a replay in vain' }),
    refusedAt: instantText,
  })
  .meta({ id: 'RefusedControlRoomEvent' });

/** What became of an event of the control room. */
export const heardEventSchema = z.discriminatedUnion('outcome', [takenSchema, unchangedSchema, refusedSchema]);
/** What became of one event: its outcome, and how it came to it. */
export const controlRoomEventSchema = z
  .strictObject({
    eventId: z.uuid(),
    outcome: z.enum(['taken', 'unchanged', 'refused']),
    taken: z.union([takenSchema, unchangedSchema]).nullable(),
    refusals: z.array(refusedSchema).meta({ description: 'Oldest first; of a taken event those before its replay' }),
  })
  .meta({ id: 'ControlRoomEvent' });

/** Writes what became of an event. */
export function heardEvent(heard: HeardEvent): z.output<typeof heardEventSchema> {
  return heard.outcome === 'refused' ? refusedEvent(heard) : takenEvent(heard);
}

/** Writes everything that became of one event. */
export function controlRoomEvent(
  eventId: string,
  heard: readonly HeardEvent[],
): z.output<typeof controlRoomEventSchema> {
  const [taken = null] = heard.filter((each) => each.outcome !== 'refused').map(takenEvent);
  const refusals = heard.filter((each) => each.outcome === 'refused').map(refusedEvent);
  return { eventId, outcome: taken?.outcome ?? 'refused', taken, refusals };
}

function takenEvent({ eventId, sourceId: id, outageId, type, takenAt, isUnchanged, traceId: trace }: TakenEvent) {
  const taken = { eventId, sourceId: id, outageId, type, takenAt: takenAt.toISOString(), traceId: trace };
  return isUnchanged ? ({ outcome: 'unchanged', ...taken } as const) : ({ outcome: 'taken', ...taken } as const);
}

function refusedEvent({ eventId, sourceId: id, reason, detail, deadLetterId, state, deaths, refusedAt }: RefusedEvent) {
  const errors = reason === 'refused' ? refusalsIn(detail).map(({ words, ...at }) => ({ ...at, detail: words })) : [];
  const when = refusedAt.toISOString();
  const refused = { eventId, sourceId: id, reason, detail, errors, deadLetterId, state, deaths, refusedAt: when };
  return { outcome: 'refused', ...refused } as const;
}
