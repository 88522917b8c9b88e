import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { anyEvent } from '../test/any-record.ts';
import { oracle } from '../test/oracle.ts';
import { decodeEvent, decodeFields, encodeEvent } from './codec.ts';
import type { OutageEvent } from './generated/index.ts';
import { PoisonMessageError } from './poison-message-error.ts';
import { publishedSchemas } from './published-schemas.ts';
import { type EventOf, type TopicName, topics } from './topics.ts';

const outage: OutageEvent = {
  eventId: '01945b12-7c00-7abc-8def-0123456789ab',
  type: 'OutageReported',
  occurredAt: new Date('2026-01-30T08:35:00Z'),
  aggregateId: '01945b12-7c00-7abc-8def-0123456789ac',
  version: 1,
  kind: 'unplanned',
  status: 'open',
  cause: 'line-fault',
  nodeIds: ['F-1203'],
  startsAt: new Date('2026-01-30T08:30:00Z'),
  estimatedRestorationAt: new Date('2026-01-30T11:00:00Z'),
  restoredAt: null,
  ownNodeIds: [],
  energisedNodeIds: [],
  energisedAt: null,
  estimateSource: null,
};

const record = encodeEvent('outage.outage.v1', outage);

function withId(id: number): Buffer {
  const framed = Buffer.from(record);
  framed.writeUInt32BE(id, 1);
  return framed;
}

const whole = (value: Buffer): object => decodeEvent('outage.outage.v1', value);

function poisonOf(value: Buffer, decode = whole): { reason: string; message: string } {
  try {
    decode(value);
  } catch (error) {
    if (error instanceof PoisonMessageError) return { reason: error.reason, message: error.message };
    throw error;
  }
  return { reason: 'none', message: '' };
}

const plainOf = (event: object): object => ({ ...event });

const frameOf = (id: number): Buffer => Buffer.from(`00${id.toString(16).padStart(8, '0')}`, 'hex');
const newest = [...Map.groupBy(publishedSchemas(), ({ topic }) => topic).values()].flatMap((all) => all.slice(-1));

/** The newest schema of a topic, as the codec writes it. */
const newestOf = (name: string) => newest.find(({ topic }) => topic === name)?.schema ?? {};

test.each(newest)('$topic is written as v$version, in the octets that another implementation writes', (published) => {
  const { id, topic, schema } = published;
  const other = oracle(schema);
  fc.assert(
    fc.property(anyEvent(schema), (event) => {
      const value = encodeEvent(topic as TopicName, event as unknown as EventOf<TopicName>);

      expect(value.subarray(0, 5)).toEqual(frameOf(id));
      expect(value.subarray(5).equals(other.toBuffer(event))).toBe(true);
    }),
  );
});

const envelopeOnly = ['eventId'] as const;
const withInstant = ['occurredAt'] as const;

/** What is read, or why it is poison. */
function saidOf(read: () => unknown): unknown {
  try {
    return { read: read() };
  } catch (error) {
    if (error instanceof PoisonMessageError) return { reason: error.reason, message: error.message };
    throw error;
  }
}

/** Octets of which some may be others, be missing or be too many. */
function anyDamage(octets: Buffer): fc.Arbitrary<Buffer> {
  const place = fc.nat(octets.length);
  const part = fc.oneof(fc.uint8Array({ maxLength: 10 }), fc.constant(octets.subarray(0, 12)));
  return fc
    .tuple(place, fc.nat(4), part)
    .map(([at, taken, put]) => Buffer.concat([octets.subarray(0, at), put, octets.subarray(at + taken)]));
}

/** What fields have that an older version did not write. */
const added = {
  'consumer-registry.connection.v1': { formerAccountNumbers: [] },
  'outage.outage.v1': { ownNodeIds: [], energisedNodeIds: [], energisedAt: null, estimateSource: null },
  'control-room.outage.v1': { exceptNodeIds: [], estimateSource: null, isConfirmed: true },
} as Record<string, object>;

describe.each(publishedSchemas())('$topic v$version', ({ id, topic, schema }) => {
  const name = topic as TopicName;

  test('is read as another implementation writes it', () => {
    const other = oracle(schema);
    fc.assert(
      fc.property(anyEvent(schema), (event) => {
        const value = Buffer.concat([frameOf(id), other.toBuffer(event)]);

        expect(decodeEvent(name, value)).toEqual({ ...added[topic], ...event });
      }),
    );
  });

  test('is read in part as it is read whole, but for the other fields', () => {
    const other = oracle(schema);
    fc.assert(
      fc.property(anyEvent(schema), (event) => {
        const value = Buffer.concat([frameOf(id), other.toBuffer(event)]);
        const { eventId, type, occurredAt, aggregateId, version } = decodeEvent(name, value);

        expect(plainOf(decodeFields(name, value, envelopeOnly))).toEqual({ eventId, type, aggregateId, version });
        expect(decodeFields(name, value, withInstant)).toEqual({ eventId, type, occurredAt, aggregateId, version });
      }),
    );
  });

  test('says in part what it says whole, whatever is damaged and whatever is read', () => {
    const other = oracle(schema);
    const fields = (schema as { fields: readonly { name: 'eventId' }[] }).fields.map((field) => [field.name] as const);
    const damaged = anyEvent(schema).chain((event) => anyDamage(other.toBuffer(event)));
    fc.assert(
      fc.property(damaged, fc.constantFrom(...fields), (octets, part) => {
        const value = Buffer.concat([frameOf(id), octets]);
        const [field] = part;

        expect(saidOf(() => decodeFields(name, value, part)[field])).toEqual(
          saidOf(() => decodeEvent(name, value)[field]),
        );
      }),
      { numRuns: 300 },
    );
  });

  test.each([
    ['whole', (value: Buffer) => decodeEvent(name, value)],
    ['in part', (value: Buffer) => decodeFields(name, value, envelopeOnly)],
  ])('gives an event or poison for any octets, and nothing else, read %s', (_how, decode) => {
    const header = Buffer.from([0, 0, 0, 0, id]);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (octets) => {
        try {
          expect(decode(Buffer.concat([header, octets])).version).toBeGreaterThan(0);
        } catch (error) {
          expect(error).toBeInstanceOf(PoisonMessageError);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('decodeEvent', () => {
  test.each([
    ['no octets', Buffer.alloc(0), 'empty'],
    ['JSON', Buffer.from('{"eventId":"x"}'), 'not-framed'],
    ['half a frame', record.subarray(0, 4), 'not-framed'],
    ['a schema that nobody published', withId(4_711), 'unknown-schema'],
    ['the schema of another topic', withId(1), 'foreign-schema'],
    ['a frame alone', record.subarray(0, 5), 'malformed'],
    ['a record without its end', record.subarray(0, record.length - 3), 'malformed'],
    ['a record and one octet', Buffer.concat([record, Buffer.from([0])]), 'trailing-bytes'],
    ['more than the topic allows', Buffer.concat([record, Buffer.alloc(262_144)]), 'too-large'],
  ])('parks %s', (_name, value, reason) => {
    expect(poisonOf(value).reason).toBe(reason);
  });

  test('names the field where it goes wrong', () => {
    const at = record.indexOf('line-fault') + 'line-fault'.length;
    const bomb = Buffer.concat([record.subarray(0, at), Buffer.from('feffffff3f00', 'hex')]);

    expect(poisonOf(bomb)).toEqual({ reason: 'malformed', message: 'nodeIds is malformed' });
  });

  test('parks an instant beyond the range of dates', () => {
    const oneDay = 86_400_000;
    const other = oracle(newestOf('outage.outage.v1'));
    const octets = other.toBuffer({ ...outage, startsAt: { getTime: () => 8_640_000_000_000_000 + oneDay } });

    expect(poisonOf(Buffer.concat([record.subarray(0, 5), octets]))).toEqual({
      reason: 'malformed',
      message: 'startsAt is malformed',
    });
  });

  test.each([
    ['eventId is no UUID', { eventId: '1; drop table' }],
    ['aggregateId is empty', { aggregateId: '' }],
    ['version is below 1', { version: 0 }],
  ])('parks an envelope whose %s', (message, change) => {
    const octets = oracle(newestOf('outage.outage.v1')).toBuffer({ ...outage, ...change });

    expect(poisonOf(Buffer.concat([record.subarray(0, 5), octets]))).toEqual({ reason: 'bad-envelope', message });
  });

  test('reads a type that this release does not know', () => {
    const later = { ...outage, type: 'OutageSplit' } as unknown as OutageEvent;

    expect(decodeEvent('outage.outage.v1', encodeEvent('outage.outage.v1', later)).type).toBe('OutageSplit');
  });
});

describe('decodeFields', () => {
  const fields = ['cause', 'estimatedRestorationAt'] as const;
  const part = (value: Buffer) => decodeFields('outage.outage.v1', value, fields);

  test('gives the fields that it is asked for, and the envelope', () => {
    const { eventId, type, aggregateId, version, cause, estimatedRestorationAt } = outage;

    expect(plainOf(part(record))).toEqual({ eventId, type, aggregateId, version, cause, estimatedRestorationAt });
  });

  test.each([
    ['half a frame', record.subarray(0, 4), 'not-framed'],
    ['a schema that nobody published', withId(4_711), 'unknown-schema'],
    ['the schema of another topic', withId(1), 'foreign-schema'],
    ['a record without its end', record.subarray(0, record.length - 3), 'malformed'],
    ['a record and one octet', Buffer.concat([record, Buffer.from([0])]), 'trailing-bytes'],
    ['more than the topic allows', Buffer.concat([record, Buffer.alloc(262_144)]), 'too-large'],
  ])('parks %s as whoever reads all of it does', (_name, value, reason) => {
    expect(poisonOf(value, part).reason).toBe(reason);
  });

  test('passes over a list that claims more than there is as little as it reads one', () => {
    const at = record.indexOf('line-fault') + 'line-fault'.length;
    const bomb = Buffer.concat([record.subarray(0, at), Buffer.from('feffffff3f00', 'hex')]);

    expect(() => part(bomb)).toThrow('nodeIds is malformed');
  });
});

describe('encodeEvent', () => {
  test('names the fields that do not fit, never their values', () => {
    const wrong = { ...outage, cause: undefined, nodeIds: ['F-1', 9_876_543_210] } as unknown as OutageEvent;

    expect(() => encodeEvent('outage.outage.v1', wrong)).toThrow(
      /^outage\.outage\.v1: cause, nodeIds\.1 does not fit the schema$/,
    );
  });

  test.each([
    ['an invalid date', { startsAt: new Date(Number.NaN) }],
    ['a text for an instant', { startsAt: '2026-01-30' }],
    ['a fraction for a version', { version: 1.5 }],
    ['a version beyond 2^53', { version: 2 ** 53 }],
    ['a version of 0', { version: 0 }],
    ['a foreign event id', { eventId: 'x' }],
  ])('refuses %s', (_name, change) => {
    expect(() => encodeEvent('outage.outage.v1', { ...outage, ...change } as OutageEvent)).toThrow(
      'outage.outage.v1: ',
    );
  });

  test('refuses what is larger than the topic allows', () => {
    const { maxRecordBytes } = topics['outage.outage.v1'];
    const nodeIds = Array.from({ length: maxRecordBytes / 8 }, () => 'F-123456');

    expect(() => encodeEvent('outage.outage.v1', { ...outage, nodeIds })).toThrow('larger than 262144 octets');
  });

  test('writes the largest scope of an outage', () => {
    const nodeIds = Array.from({ length: 2_000 }, (_, index) => `DT-${String(index).padStart(37, '0')}`);
    const value = encodeEvent('outage.outage.v1', { ...outage, nodeIds, energisedNodeIds: nodeIds });

    expect(decodeEvent('outage.outage.v1', value)).toMatchObject({ nodeIds, energisedNodeIds: nodeIds });
  });

  test('gives buffers that later ones do not overwrite', () => {
    const first = encodeEvent('outage.outage.v1', outage);
    encodeEvent('outage.outage.v1', { ...outage, version: 2 });

    expect(plainOf(decodeEvent('outage.outage.v1', first))).toEqual(outage);
  });
});
