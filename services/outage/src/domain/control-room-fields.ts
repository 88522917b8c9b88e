import type { ControlRoomEvent } from '@bijli/events';
import { type Cause, causeCodes } from './causes.ts';
import { NODE_CODE } from './limits.ts';
import { estimateSources } from './outage.ts';

/** What is wrong with an event: the field (`nodeIds.3` is the fourth of the list), the rule as a literal, and the rule in words. */
export type FieldRefusal = { readonly field: string; readonly rule: string; readonly words: string };

type Type = ControlRoomEvent['type'];
type Field = Exclude<keyof ControlRoomEvent, 'eventId' | 'type' | 'occurredAt' | 'aggregateId' | 'version'>;
/** Whose other fields are not allowed. An event is confirmed unless it says otherwise: that it is not is what may be said. */
type Fields = Readonly<Partial<Record<Field, 'required' | 'optional'>>>;

const MAX_SOURCE_ID = 100;
const ESTIMATE = { estimatedRestorationAt: 'required', estimateSource: 'optional' } as const;
const PERHAPS_ESTIMATE = { estimatedRestorationAt: 'optional', estimateSource: 'optional' } as const;
const NODES = { nodeIds: 'required', exceptNodeIds: 'optional' } as const;

/** Which field belongs to which type (schemas/control-room/outage.avsc). */
const fieldsOf = {
  PlannedOutageAnnounced: { cause: 'required', ...NODES, startsAt: 'required', ...ESTIMATE },
  OutageReported: { cause: 'required', ...NODES, startsAt: 'optional', ...PERHAPS_ESTIMATE, isConfirmed: 'optional' },
  RestorationEstimateChanged: ESTIMATE,
  SupplyRestored: { restoredAt: 'optional', isConfirmed: 'optional' },
  PlannedWorkStarted: { startsAt: 'optional' },
  PlannedWorkExtended: ESTIMATE,
  PlannedWorkRescheduled: { startsAt: 'optional', ...PERHAPS_ESTIMATE },
  PlannedWorkCancelled: {},
  SupplyPartlyRestored: { ...NODES, restoredAt: 'optional', isConfirmed: 'optional' },
  OutageReopened: { cause: 'optional', startsAt: 'optional', ...PERHAPS_ESTIMATE, isConfirmed: 'optional' },
} as const satisfies Record<Type, Fields>;

const FIELDS: readonly Field[] = [
  'cause',
  'nodeIds',
  'exceptNodeIds',
  'startsAt',
  'estimatedRestorationAt',
  'estimateSource',
  'restoredAt',
  'isConfirmed',
];

/** Says what is wrong with the fields of an event of the control room, or null: one too many or too few for its type, or no such value. */
export function fieldRefused(event: ControlRoomEvent): FieldRefusal | null {
  return shapeRefused(event) ?? sourceRefused(event) ?? valuesRefused(event);
}

function shapeRefused(event: ControlRoomEvent): FieldRefusal | null {
  if (event.aggregateId.length > MAX_SOURCE_ID)
    return { field: 'aggregateId', rule: 'maximum', words: `An id has at most ${MAX_SOURCE_ID} characters` };
  if (!Object.hasOwn(fieldsOf, event.type))
    return { field: 'type', rule: 'choice', words: `One of ${Object.keys(fieldsOf).join(', ')}` };
  const fields: Fields = fieldsOf[event.type];
  const missing = FIELDS.find((field) => fields[field] === 'required' && !isPresent(event, field));
  if (missing !== undefined) return { field: missing, rule: 'required', words: 'This type needs it' };
  const strange = FIELDS.find((field) => fields[field] === undefined && isPresent(event, field));
  if (strange !== undefined) return { field: strange, rule: 'not-allowed', words: 'This type does not have it' };
  const { type, startsAt, estimatedRestorationAt } = event;
  return type === 'PlannedWorkRescheduled' && startsAt === null && estimatedRestorationAt === null
    ? { field: 'startsAt', rule: 'required', words: 'Give startsAt, estimatedRestorationAt or both' }
    : null;
}

function isPresent(event: ControlRoomEvent, field: Field): boolean {
  if (field === 'isConfirmed') return !event.isConfirmed;
  if (field === 'nodeIds' || field === 'exceptNodeIds') return event[field].length > 0;
  return event[field] !== null;
}

function sourceRefused({ estimateSource, estimatedRestorationAt }: ControlRoomEvent): FieldRefusal | null {
  if (estimateSource === null) return null;
  if (estimatedRestorationAt === null)
    return { field: 'estimateSource', rule: 'not-allowed', words: 'Only with estimatedRestorationAt' };
  return estimateSources.includes(estimateSource)
    ? null
    : { field: 'estimateSource', rule: 'choice', words: `One of ${estimateSources.join(', ')}` };
}

function valuesRefused({ cause, nodeIds, exceptNodeIds }: ControlRoomEvent): FieldRefusal | null {
  if (cause !== null && !causeCodes.includes(cause as Cause))
    return { field: 'cause', rule: 'choice', words: `One of ${causeCodes.join(', ')}` };
  return codesRefused('nodeIds', nodeIds) ?? codesRefused('exceptNodeIds', exceptNodeIds);
}

function codesRefused(list: string, codes: readonly string[]): FieldRefusal | null {
  const position = codes.findIndex((code) => !NODE_CODE.test(code));
  const field = `${list}.${position}`;
  return position === -1 ? null : { field, rule: 'format', words: 'A code has 1 to 40 visible ASCII characters' };
}
