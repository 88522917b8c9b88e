import type { ControlRoomEvent } from '@bijli/events';
import { type Cause, causeCodes } from './causes.ts';
import { NODE_CODE } from './limits.ts';
import type { AnnouncePlannedWork, ChangingCommand, ReportOutage, Surroundings } from './outage.ts';

/** The command that an event of the control room means; an opening still without what surrounds it. */
export type MeantCommand =
  | Omit<AnnouncePlannedWork, keyof Surroundings>
  | Omit<ReportOutage, keyof Surroundings>
  | ChangingCommand;
/** What is wrong with an event: the field (`nodeIds.3` is the fourth of the list), the rule as a literal, and the rule in words. */
export type FieldRefusal = { readonly field: string; readonly rule: string; readonly words: string };
/** What an event means, or why it means nothing. */
export type Meaning = { readonly command: MeantCommand } | { readonly refusal: FieldRefusal };
/** Ids for what the event may make. */
export type NewIds = { readonly outageId: string; readonly eventId: string };

type Type = ControlRoomEvent['type'];
type Field = 'cause' | 'nodeIds' | 'startsAt' | 'estimatedRestorationAt' | 'restoredAt';
type FieldRule = 'required' | 'optional' | 'not-allowed';

const MAX_SOURCE_ID = 100;

/** Which field belongs to which type (schemas/control-room/outage.avsc). */
const fieldRules = {
  PlannedOutageAnnounced: {
    cause: 'required',
    nodeIds: 'required',
    startsAt: 'required',
    estimatedRestorationAt: 'required',
    restoredAt: 'not-allowed',
  },
  OutageReported: {
    cause: 'required',
    nodeIds: 'required',
    startsAt: 'optional',
    estimatedRestorationAt: 'optional',
    restoredAt: 'not-allowed',
  },
  RestorationEstimateChanged: {
    cause: 'not-allowed',
    nodeIds: 'not-allowed',
    startsAt: 'not-allowed',
    estimatedRestorationAt: 'required',
    restoredAt: 'not-allowed',
  },
  SupplyRestored: {
    cause: 'not-allowed',
    nodeIds: 'not-allowed',
    startsAt: 'not-allowed',
    estimatedRestorationAt: 'not-allowed',
    restoredAt: 'optional',
  },
} as const satisfies Record<Type, Record<Field, FieldRule>>;

const ruleWords = { required: 'This type needs it', 'not-allowed': 'This type does not have it' } as const;

/**
 * Says which command an event of the control room means: the same that a request over HTTP would. Refused are events of
 * an unknown type, with a field too many or too few for their type, or with a value that no request may have.
 */
export function meaningOf(event: ControlRoomEvent, ids: NewIds): Meaning {
  const refusal = shapeRefused(event) ?? valuesRefused(event);
  return refusal === null ? { command: commandOf(event, ids) } : { refusal };
}

function shapeRefused(event: ControlRoomEvent): FieldRefusal | null {
  if (event.aggregateId.length > MAX_SOURCE_ID)
    return { field: 'aggregateId', rule: 'maximum', words: `An id has at most ${MAX_SOURCE_ID} characters` };
  if (!Object.hasOwn(fieldRules, event.type))
    return { field: 'type', rule: 'choice', words: `One of ${Object.keys(fieldRules).join(', ')}` };
  const rules = Object.entries(fieldRules[event.type]) as [Field, FieldRule][];
  const broken = rules.find(([field, rule]) => rule === (isPresent(event, field) ? 'not-allowed' : 'required'));
  if (broken === undefined) return null;
  const [field, rule] = broken as [Field, keyof typeof ruleWords];
  return { field, rule, words: ruleWords[rule] };
}

function isPresent(event: ControlRoomEvent, field: Field): boolean {
  return field === 'nodeIds' ? event.nodeIds.length > 0 : event[field] !== null;
}

function valuesRefused({ cause, nodeIds }: ControlRoomEvent): FieldRefusal | null {
  if (cause !== null && !causeCodes.includes(cause as Cause))
    return { field: 'cause', rule: 'choice', words: `One of ${causeCodes.join(', ')}` };
  const position = nodeIds.findIndex((code) => !NODE_CODE.test(code));
  return position === -1
    ? null
    : { field: `nodeIds.${position}`, rule: 'format', words: 'A code has 1 to 40 visible ASCII characters' };
}

/** Of an event whose fields are there: the rules above are what the type assertions rest on. */
function commandOf(event: ControlRoomEvent, { outageId, eventId }: NewIds): MeantCommand {
  const { nodeIds, startsAt, estimatedRestorationAt, restoredAt, occurredAt: saidAt } = event;
  const opening = { outageId, eventId, saidAt, nodeIds, cause: event.cause as Cause };
  const change = { eventId, saidAt, basedOn: null };
  const until = estimatedRestorationAt as Date;
  switch (event.type) {
    case 'PlannedOutageAnnounced':
      return { type: 'announce-planned-work', ...opening, startsAt: startsAt as Date, endsAt: until };
    case 'OutageReported':
      return { type: 'report-outage', ...opening, startedAt: startsAt, estimatedRestorationAt };
    case 'RestorationEstimateChanged':
      return { type: 'change-restoration-estimate', ...change, estimatedRestorationAt: until };
    case 'SupplyRestored':
      return { type: 'restore-supply', ...change, restoredAt };
  }
}
