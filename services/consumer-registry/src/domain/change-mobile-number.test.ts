import { decideCase } from '@bijli/testing';
import { describe, expect, test } from '@jest/globals';
import { type ChangeMobileNumber, changeMobileNumber } from './change-mobile-number.ts';
import type { Connection, Contact, KeptNumber } from './connection.ts';

const now = new Date('2026-01-30T08:35:00Z');
const before = new Date('2026-01-01T00:00:00Z');

const kept = (index: bigint): KeptNumber => ({
  sealed: Buffer.alloc(16, Number(index)),
  keyId: '2026',
  blindIndex: index,
});

const owner: Contact = {
  contactNo: 1,
  language: 'en',
  numberState: 'collected',
  number: kept(1n),
  purposes: ['outage'],
  source: 'import',
  changedAt: before,
};

const connection: Connection = {
  id: '01945b12-7c00-7abc-8def-0123456789ab',
  accountNumber: '4100000001',
  category: 'domestic',
  state: 'active',
  nodeCode: 'DT-1',
  formerAccountNumbers: ['R331679'],
  version: 4,
  contacts: [owner],
  localityEn: '',
  localityHi: '',
  meterNumber: '',
  consumerName: '',
};

const command: ChangeMobileNumber = {
  contactNo: 1,
  number: kept(2n),
  source: 'je',
  language: 'hi',
  basedOn: undefined,
  eventId: '01945b12-7c00-7abc-8def-0123456789ac',
};

const decision = decideCase(changeMobileNumber);

describe('changeMobileNumber', () => {
  test('takes a new number, with the next version and the full state in the event', () => {
    const decided = changeMobileNumber(connection, command, now);

    const contact = { ...owner, number: kept(2n), source: 'je', changedAt: now };
    expect(decided).toMatchObject({ accepted: true, state: { ...connection, version: 5, contacts: [contact] } });
    expect(decided).toMatchObject({
      events: [
        {
          type: 'ContactChanged',
          eventId: command.eventId,
          occurredAt: now,
          aggregateId: connection.id,
          version: 5,
          accountNumber: '4100000001',
          nodeId: 'DT-1',
          contacts: [
            { contactNo: 1, language: 'en', numberState: 'collected', sealKeyId: '2026', purposes: ['outage'] },
          ],
        },
      ],
    });
  });

  test('puts no blind index into the event', () => {
    const decided = changeMobileNumber(connection, command, now);

    const keys = decided.accepted ? decided.events.flatMap((event) => event.contacts.flatMap(Object.keys)) : [];
    expect(keys).toEqual(['contactNo', 'language', 'numberState', 'sealedNumber', 'sealKeyId', 'purposes']);
  });

  test('does nothing for the number that is there already, however it is sealed', () => {
    const again = { ...command, number: { ...kept(1n), sealed: Buffer.alloc(16, 9) } };

    decision.given(connection).when(again, now).then({ accepted: true, state: connection, events: [] });
  });

  test('gives a first number to a contact without one', () => {
    const absent: Contact = { ...owner, number: null, numberState: 'absent' };

    const decided = changeMobileNumber({ ...connection, contacts: [absent] }, command, now);

    expect(decided).toMatchObject({ state: { contacts: [{ numberState: 'collected', number: kept(2n) }] } });
  });

  test('makes the next contact by its first number, in the language of the command', () => {
    const decided = changeMobileNumber(connection, { ...command, contactNo: 2 }, now);

    expect(decided).toMatchObject({
      state: { contacts: [owner, { contactNo: 2, language: 'hi', purposes: ['outage', 'billing', 'complaint'] }] },
    });
  });

  const full = {
    ...connection,
    contacts: Array.from({ length: 16 }, (_, index) => ({ ...owner, contactNo: index + 1 })),
  };

  test.each([
    ['a contact that would leave a gap', connection, { contactNo: 3 }, 'contact-unknown'],
    ['a seventeenth contact', full, { contactNo: 17 }, 'too-many-contacts'],
    ['an older version', connection, { basedOn: 3 }, 'stale-version'],
    ['a version to come', connection, { basedOn: 5 }, 'stale-version'],
    ['an erased connection', { ...connection, state: 'erased' }, {}, 'connection-erased'],
  ] as const)('rejects %s', (_name, state, change, code) => {
    decision
      .given(state)
      .when({ ...command, ...change }, now)
      .then({ accepted: false, code });
  });

  test('takes a number that is based on the present version', () => {
    expect(changeMobileNumber(connection, { ...command, basedOn: 4 }, now).accepted).toBe(true);
  });
});
