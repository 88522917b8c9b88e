import type { ControlRoomEvent } from '@bijli/events';
import type { FieldRefusal } from './control-room-event.ts';
import type { RejectionCode, Surroundings } from './outage.ts';
import { refusalWords } from './refusal-words.ts';

/** The field of the event that a rejected command is about. A new code does not compile until it stands here. */
const fields = {
  'already-exists': 'aggregateId',
  'no-such-outage': 'aggregateId',
  'stale-version': 'aggregateId',
  'node-count': 'nodeIds',
  'duplicate-node': 'nodeIds',
  'unknown-node': 'nodeIds',
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
  'not-begun': 'aggregateId',
  'restored-before-start': 'restoredAt',
  'restored-in-the-future': 'restoredAt',
} as const satisfies Record<RejectionCode, keyof ControlRoomEvent>;

/** So many unknown nodes are named; the others come up when these are mended. */
const MOST_NAMED = 10;

/** Says a rejection in the terms of the control room's event, naming each unknown node's place, or the other outage. */
export function refusalOf(code: RejectionCode, surroundings?: Surroundings): FieldRefusal {
  const refusal = { field: fields[code], rule: code, words: refusalWords[code] };
  if (surroundings === undefined) return refusal;
  const { unknownNodes, alreadyOutIn } = surroundings;
  if (code === 'already-out') return { ...refusal, words: `${refusal.words}: ${alreadyOutIn}` };
  if (code !== 'unknown-node') return refusal;
  const named = unknownNodes.slice(0, MOST_NAMED).map((position) => `nodeIds.${position}`);
  return { ...refusal, field: named.join(', ') };
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
