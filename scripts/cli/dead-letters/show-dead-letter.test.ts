import { describe, expect, test } from '@jest/globals';
import { type ConnectionEvent, encodeEvent } from '@bijli/events';
import type { WholeDeadLetter } from '@bijli/outbox';
import { showDeadLetter } from './show-dead-letter.ts';

const CANARY = '7310559284';
const died = new Date('2026-01-30T08:35:00Z');

const letter: WholeDeadLetter = {
  ...{ id: '7', subscription: 'audience', topic: 'consumer-registry.connection.v1', partition: 3, offset: 17n },
  ...{ lastOffset: null },
  ...{ key: 'k', eventId: null, version: null, reason: 'failed', detail: 'RangeError', deaths: 2, latestDiedAt: died },
  ...{
    isMasked: false,
    isBehind: false,
    state: 'discarded',
    value: null,
    headers: {},
    receivedAt: died,
    decisions: [],
  },
  reading: null,
};

const seal = Buffer.from('000102030405060708090a0b0c0d0e0f', 'hex');
const connection: ConnectionEvent = {
  ...{ eventId: '019c0d2c-0000-7000-8000-000000000001', type: 'ConnectionChanged', occurredAt: died, version: 3 },
  ...{ aggregateId: '019c0d2c-0000-7000-8000-000000000002', accountNumber: '1203345501', category: 'domestic' },
  ...{ state: 'active', nodeId: 'DT-7', formerAccountNumbers: [] },
  contacts: [
    {
      ...{ contactNo: 1, language: 'hi', numberState: 'proven', sealedNumber: seal, sealKeyId: 'k1' },
      purposes: ['outage'],
    },
  ],
};
const show = (given: Partial<WholeDeadLetter>) => showDeadLetter('notifier', { ...letter, ...given });

describe('a dead letter that is shown', () => {
  test('tells its event without seals and with the last digits of the account only', () => {
    const shown = show({ value: encodeEvent('consumer-registry.connection.v1', connection) });

    expect(shown).toContain('"accountNumber": "••••••5501"');
    expect(shown).toContain('"eventId": "019c0d2c-0000-7000-8000-000000000001"');
    expect(shown).toContain('"sealedNumber": "(sealed)"');
    expect(shown).toContain('"occurredAt": "2026-01-30T08:35:00.000Z"');
    expect(shown).not.toContain('cannot be read');
  });

  test('tells twenty members of a list, and how many more there are', () => {
    const nodeIds = Array.from({ length: 2_000 }, (_none, index) => `N-${index}`);
    const given = { ...{ aggregateId: 'CR-1', eventId: connection.eventId, occurredAt: died, version: 1 }, nodeIds };
    const none = {
      cause: null,
      startsAt: null,
      estimatedRestorationAt: null,
      restoredAt: null,
      exceptNodeIds: [],
      estimateSource: null,
      isConfirmed: true,
    };
    const value = encodeEvent('control-room.outage.v1', { type: 'OutageReported', ...given, ...none });

    expect(show({ topic: 'control-room.outage.v1', value })).toMatch(/"N-19",\s+"and 1980 more"/);
  });

  test('tells the first octets of what cannot be read, and no number among them', () => {
    const value = Buffer.from(`${'.'.repeat(58)}${CANARY} and 1203345501 ${'.'.repeat(100)}`);
    const shown = show({ value, key: CANARY, headers: { [CANARY]: `ask ${CANARY}`, traceparent: '00-9000000001' } });

    expect(shown).toContain('cannot be read, 184 octets');
    expect(shown).toContain('2e 2e 2e 2e 2e 2e 2e 2e 2e 2e 78 78 78 78 78 78  ..........xxxxxx');
    expect(shown.match(/^ {4}(?:[0-9a-f]{2} )+/gm)).toHaveLength(4);
    expect(shown).toContain('key ••••••9284');
    expect(shown).toContain('traceparent: 00-9000000001');
    expect(shown).not.toContain(CANARY);
  });

  test('tells the offsets of what was left in its topic', () => {
    const shown = show({ reason: 'bad-checksum', detail: 'codec lz4, 812 octets', key: '', lastOffset: 21n });

    expect(shown).toContain('bad-checksum: codec lz4, 812 octets');
    expect(shown).toContain('[3] at 17 to 21, key none');
    expect(shown).toContain('left in its topic, where a replay reads it again');
    expect(shown).toContain('nothing of it is kept here');
    expect(show({ lastOffset: 17n })).toContain('[3] at 17, key');
  });

  test('tells why what is replayed could not be read yet, and when it is tried again', () => {
    const reading = { failures: 3, failure: 'BrokerRefusal 56', dueAt: died };

    expect(show({ lastOffset: 21n, reading })).toContain(
      'could not be read from its topic 3 times, last BrokerRefusal 56; next tried 2026-01-30T08:35:00.000Z',
    );
    expect(show({ reading: { ...reading, failures: 0, failure: null } })).toContain('not read from its topic yet');
    expect(show({})).not.toContain('from its topic');
  });

  test('tells octets in place of an event that was masked', () => {
    const value = encodeEvent('consumer-registry.connection.v1', connection);

    expect(show({ value, isMasked: true })).toMatch(/can only be discarded[\s\S]*cannot be read[\s\S]*019c0d2c-0/);
  });

  test('tells that there is no value, and who decided what', () => {
    const decisions = [
      { action: 'replay', who: 'asha', decidedAt: died },
      { action: 'discard', who: 'ravi', decidedAt: died },
    ] as const;
    const shown = show({ decisions: [...decisions] });

    expect(shown).toContain('no value');
    expect(shown).toContain('discarded, received 2026-01-30T08:35:00.000Z');
    expect(shown).toMatch(/decisions\n {4}2026-\S+ replay by asha\n {4}2026-\S+ discard by ravi$/);
  });
});
