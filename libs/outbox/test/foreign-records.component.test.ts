import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type ControlRoomEvent, encodeEvent, PoisonMessageError, topics } from '@bijli/events';
import type { ProducedRecord } from '@bijli/kafka/produce';
import { query } from '@bijli/postgres';
import { newId } from '@bijli/units';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { discardDeadLetter, getDeadLetter, inbox, listDeadLetters, replayDeadLetter } from '../src/index.ts';
import { CONTROL_ROOM, openTestbed, type Testbed } from './testbed.ts';

const CANARY = '7310559284';
/** A feeder, or an outage, whose code is ten digits: not a number to call. */
const TEN_DIGITS = '9000000001';

let bed: Testbed;
let refusing: Set<string>;
beforeEach(async () => {
  bed = await openTestbed();
  refusing = new Set();
  const heard = inbox(CONTROL_ROOM, {
    name: 'control-room',
    lateness: 'any-order',
    apply: async (_tx, events) => {
      if (events.some(({ event }) => refusing.has(event.aggregateId)))
        throw new PoisonMessageError('refused', 'nodeIds.0: unknown-node (The network has no node with this code)');
    },
  });
  await bed.run([heard]);
});
afterEach(() => bed.close());

function event(given: Partial<ControlRoomEvent> = {}): ControlRoomEvent {
  return {
    eventId: newId(),
    type: 'OutageReported',
    occurredAt: new Date(),
    aggregateId: newId(),
    version: 1,
    cause: 'storm',
    nodeIds: ['F-1203'],
    startsAt: null,
    estimatedRestorationAt: null,
    restoredAt: null,
    exceptNodeIds: [],
    estimateSource: null,
    isConfirmed: true,
    ...given,
  };
}

function recordOf(said: ControlRoomEvent, more: Partial<ProducedRecord> = {}): ProducedRecord {
  return { topic: CONTROL_ROOM, key: said.aggregateId, value: encodeEvent(CONTROL_ROOM, said), headers: {}, ...more };
}

const whole = (value: Buffer | null | undefined): Buffer => value ?? Buffer.alloc(0);
const withNumber = recordOf(event({ nodeIds: [CANARY] }));
const garbage = Buffer.from(`{"call":"${CANARY}"}`);

const BROKEN: [what: string, record: ProducedRecord, reason: string][] = [
  ['that is no Avro', recordOf(event(), { value: garbage }), 'not-framed'],
  ['cut short', { ...withNumber, value: whole(withNumber.value).subarray(0, -3) }, 'malformed'],
  [
    'of an unknown schema',
    { ...withNumber, value: Buffer.concat([Buffer.from([0, 0, 0, 9, 9]), garbage]) },
    'unknown-schema',
  ],
  ['whose key is a number', recordOf(event(), { key: `91${CANARY}` }), 'foreign-key'],
  ['without value', { ...withNumber, key: CANARY, value: null }, 'empty'],
  ['with a number for a cause', recordOf(event({ cause: `call ${CANARY}` })), 'refused'],
  ['with headers', recordOf(event(), { value: garbage, headers: { [CANARY]: CANARY, odd: '\0' } }), 'not-framed'],
];

/** Everything that the database holds of records, as text and as octets. */
async function stored(): Promise<string> {
  const rows = await query<{ text: string }>(
    bed.db,
    `select concat(key, headers, encode(value, 'escape')) as text from inbox
     union all select concat(key, headers, encode(value, 'escape'), detail) from dead_letter
     union all select key from inbox_key`,
  );
  return rows.map(({ text }) => text).join('\n');
}

describe('a foreign record with a number in the open', () => {
  test.each(BROKEN)('%s is kept without it and cannot be replayed, only discarded', async (_what, record, reason) => {
    await bed.produce([record]);
    await bed.seen('dead', 1);

    expect(await stored()).not.toContain(CANARY);
    const [dead] = await listDeadLetters(bed.db);
    expect(dead).toMatchObject({ reason, isMasked: true });
    expect(JSON.stringify(bed.log.lines)).not.toContain(CANARY);

    const id = dead?.id ?? '';
    expect(await bed.db.transaction((tx) => replayDeadLetter(tx, id, 'asha'))).toBe(false);
    expect(await bed.db.transaction((tx) => discardDeadLetter(tx, id, 'asha'))).toBe(true);
    expect(await getDeadLetter(bed.db, id)).toMatchObject({
      state: 'discarded',
      decisions: [{ action: 'discard', who: 'asha' }],
    });
  });
});

describe('a foreign record that can be read', () => {
  test('keeps ids of ten digits, and can be replayed when it was refused', async () => {
    const said = event({ aggregateId: TEN_DIGITS, nodeIds: [TEN_DIGITS] });
    refusing.add(TEN_DIGITS);
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-9000000001000000-01';
    await bed.produce([recordOf(said, { headers: { traceparent, note: `ask ${CANARY}` } })]);
    await bed.seen('dead', 1);
    const [dead] = await listDeadLetters(bed.db);
    const id = dead?.id ?? '';

    expect(await getDeadLetter(bed.db, id)).toMatchObject({
      isMasked: false,
      eventId: said.eventId,
      value: encodeEvent(CONTROL_ROOM, said),
      headers: { traceparent, note: 'ask xxxxxxxxxx' },
    });
    refusing.clear();
    expect(await bed.db.transaction((tx) => replayDeadLetter(tx, id, 'asha'))).toBe(true);
    await bed.seen('applied', 1);
  });

  test('is not made dead by a header that only we write', async () => {
    await bed.produce([recordOf(event(), { headers: { 'bijli-masked': 'malformed: said by somebody else' } })]);

    await bed.seen('applied', 1);
  });
});

test('every topic is a service of ours, or known to be foreign', () => {
  const services = readdirSync(join(import.meta.dirname, '../../../services'));
  const foreign = Object.values(topics).flatMap(({ owner }) => (services.includes(owner) ? [] : [owner]));

  expect(foreign).toEqual(['billing-system', 'control-room']);
});
