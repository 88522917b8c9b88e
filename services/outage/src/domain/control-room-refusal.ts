import type { ControlRoomEvent } from '@bijli/events';
import type { FieldRefusal } from './control-room-fields.ts';
import type { OutageRefusal, RejectionCode } from './decision.ts';
import { refusalWords } from './refusal-words.ts';

/** The field of the event that a rejected command is about. A new code does not compile until it stands here. */
const fields = {
  'already-exists': 'aggregateId',
  'no-such-outage': 'aggregateId',
  'stale-version': 'aggregateId',
  'node-count': 'nodeIds',
  'duplicate-node': 'nodeIds',
  'unknown-node': 'nodeIds',
  'not-below': 'exceptNodeIds',
  'excludes-everything': 'exceptNodeIds',
  'too-many-parts': 'exceptNodeIds',
  'already-out': 'nodeIds',
  'starts-in-the-past': 'startsAt',
  'starts-too-far-ahead': 'startsAt',
  'ends-before-start': 'estimatedRestorationAt',
  'window-too-long': 'estimatedRestorationAt',
  'started-in-the-future': 'startsAt',
  'started-too-long-ago': 'startsAt',
  'estimate-in-the-past': 'estimatedRestorationAt',
  'estimate-too-far-ahead': 'estimatedRestorationAt',
  'already-restored': 'aggregateId',
  'already-cancelled': 'aggregateId',
  'already-dropped': 'aggregateId',
  'already-begun': 'aggregateId',
  'not-begun': 'aggregateId',
  'not-planned': 'aggregateId',
  'not-a-draft': 'aggregateId',
  'same-person': 'aggregateId',
  'not-approved': 'aggregateId',
  'not-announced': 'aggregateId',
  'change-pending': 'aggregateId',
  'nothing-to-undo': 'aggregateId',
  'nothing-to-confirm': 'aggregateId',
  'restored-before-start': 'restoredAt',
  'restored-in-the-future': 'restoredAt',
  'not-in-outage': 'nodeIds',
  'already-energised': 'nodeIds',
  'not-restored': 'aggregateId',
  'restored-too-long-ago': 'aggregateId',
} as const satisfies Record<RejectionCode, keyof ControlRoomEvent>;

/** So many places are named; the others come up when these are mended. */
const MOST_NAMED = 10;

/** Says a rejection in the terms of the control room's event, naming each node's place that broke the rule, or the other outage. */
export function refusalOf({ code, places = [fields[code]], outageId }: Omit<OutageRefusal, 'accepted'>): FieldRefusal {
  const words = outageId === undefined ? refusalWords[code] : `${refusalWords[code]}: ${outageId}`;
  return { field: places.slice(0, MOST_NAMED).join(', '), rule: code, words };
}

/** Writes a refusal as the detail of a dead letter: `nodeIds.3: unknown-node (The network has no node with this code)`. */
export function detailOf({ field, rule, words }: FieldRefusal): string {
  return `${field}: ${rule} (${words})`;
}

/** Reads the detail of a dead letter back, a refusal for each field; none where it is no refusal's. */
export function refusalsIn(detail: string): FieldRefusal[] {
  const [, fieldList, rule, words] = /^([\w., ]+): ([\w-]+) \((.*)\)$/.exec(detail) ?? [];
  if (fieldList === undefined || rule === undefined || words === undefined) return [];
  return fieldList.split(', ').map((field) => ({ field, rule, words }));
}
