import { describe, expect, test } from '@jest/globals';
import { encodeTlvs, NO_TLVS, octetStringTlv, readMessage, type ShortMessage, segment } from '@bijli/smpp';
import { messageStore, textOf } from './message-store.ts';

const at = new Date('2026-01-30T08:30:00Z');
const submit = (destinationAddr: string, change: Partial<ShortMessage> = {}): ShortMessage => ({
  sequenceNumber: 1,
  serviceType: '',
  sourceAddrTon: 5,
  sourceAddrNpi: 0,
  sourceAddr: 'UPPCLP',
  destAddrTon: 1,
  destAddrNpi: 1,
  destinationAddr,
  esmClass: 0,
  protocolId: 0,
  priorityFlag: 0,
  scheduleDeliveryTime: '',
  validityPeriod: '',
  registeredDelivery: 1,
  replaceIfPresentFlag: 0,
  dataCoding: 0,
  smDefaultMsgId: 0,
  shortMessage: Buffer.from('hello'),
  tlvs: NO_TLVS,
  ...change,
});

const take = (store: ReturnType<typeof messageStore>, sm: ShortMessage) => store.take(sm, readMessage(sm), at);
const parts = (text: string, reference: number, to = '919876543210'): ShortMessage[] =>
  segment(text, reference).parts.map((shortMessage) => submit(to, { shortMessage, esmClass: 0x40, dataCoding: 8 }));
const texts = (store: ReturnType<typeof messageStore>): string[] => [...store.newestFirst()].map(textOf);

describe('message store', () => {
  test('keeps what a handset shows', () => {
    const store = messageStore(10);
    const tlvs = encodeTlvs([octetStringTlv(0x1400, '1101'), octetStringTlv(0x1401, '1107')]);
    take(store, submit('919876543210', { tlvs }));
    expect([...store.newestFirst()]).toEqual([
      {
        to: '919876543210',
        from: 'UPPCLP',
        receivedAt: at,
        dataCoding: 0,
        entityId: '1101',
        templateId: '1107',
        parts: ['hello'],
        messageIds: [],
        state: 'accepted',
        error: null,
      },
    ]);
  });

  test('forgets the oldest', () => {
    const store = messageStore(3);
    for (const text of ['a', 'b', 'c', 'd', 'e'])
      take(store, submit('919876543210', { shortMessage: Buffer.from(text) }));
    expect(texts(store)).toEqual(['e', 'd', 'c']);
    expect(store.size()).toBe(3);
  });

  test('puts parts together in any order, apart by handset and reference', () => {
    const store = messageStore(10);
    const [first, second, third] = parts('क'.repeat(150), 7);
    const [other] = parts('ख'.repeat(150), 8);
    const [elsewhere] = parts('ग'.repeat(150), 7, '919876543211');
    for (const sm of [third, first, other, elsewhere]) if (sm !== undefined) take(store, sm);
    expect(texts(store)).toEqual([`${'ग'.repeat(67)}……`, `${'ख'.repeat(67)}……`, `${'क'.repeat(67)}…${'क'.repeat(16)}`]);
    if (second !== undefined) take(store, second);
    expect(texts(store)[2]).toBe('क'.repeat(150));
  });

  test('takes a part that comes again as the same part, and after the end as a new message', () => {
    const store = messageStore(10);
    const [first, second] = parts('क'.repeat(100), 7);
    for (const sm of [first, first, second]) if (sm !== undefined) take(store, sm);
    expect(texts(store)).toEqual(['क'.repeat(100)]);
    if (first !== undefined) take(store, first);
    expect(texts(store)).toEqual([`${'क'.repeat(67)}…`, 'क'.repeat(100)]);
  });

  test('waits for the missing parts of a bounded number of messages', () => {
    const store = messageStore(5_000);
    for (let n = 0; n < 1_001; n += 1) {
      const [first] = parts('क'.repeat(100), 7, `91${9_876_500_000 + n}`);
      if (first !== undefined) take(store, first);
    }
    const [, second] = parts('क'.repeat(100), 7, '919876500000');
    if (second !== undefined) take(store, second);
    expect(store.size()).toBe(1_002);
  });
});
