import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isReceipt, readReceipt } from './receipt.ts';
import {
  formatReceiptDate,
  formatReceiptText,
  parseReceiptDate,
  parseReceiptText,
  type ReceiptText,
} from './receipt-text.ts';
import { commandStatus } from './command-status.ts';
import { anyTlvs, emptyMessage } from '../test/sample-messages.ts';
import { cOctetStringTlv, encodeTlvs, integerTlv, NO_TLVS, tlvTags } from './tlv.ts';
import { encodeUcs2 } from './ucs-2.ts';

const { ESME_RINVMSGID, ESME_RINVPARLEN } = commandStatus;
const integerTlvs = (state: number): Buffer => encodeTlvs([integerTlv(tlvTags.messageState, 1, state)]);

const USUAL =
  'id:0123456789 sub:001 dlvrd:001 submit date:2601301405 done date:2601301406 stat:DELIVRD err:000 text:A/c ..4471: Power of';
const usual: ReceiptText = {
  id: '0123456789',
  submitted: '001',
  delivered: '001',
  submitDate: '2601301405',
  doneDate: '2601301406',
  state: 'DELIVRD',
  error: '000',
  text: 'A/c ..4471: Power of',
};

describe('receipt text', () => {
  test('is written and read as appendix B has it', () => {
    expect(formatReceiptText(usual)).toBe(USUAL);
    expect(parseReceiptText(USUAL)).toEqual(usual);
  });

  test.each([
    ['names in another case', USUAL.replace('text:', 'Text:').replace('submit date', 'Submit Date'), {}],
    ['capitals', USUAL.toUpperCase(), { text: usual.text.toUpperCase() }],
    ['spaces after colons', USUAL.replaceAll(/(id|stat|err):/g, '$1: '), {}],
    [
      'another order',
      'stat:DELIVRD err:000 id:0123456789',
      { submitted: '', delivered: '', submitDate: '', doneDate: '', text: '' },
    ],
    ['no text', USUAL.slice(0, USUAL.indexOf(' text:')), { text: '' }],
    ['an empty text', USUAL.slice(0, USUAL.indexOf('A/c')), { text: '' }],
    ['empty fields', USUAL.replace('sub:001 dlvrd:001', 'sub: dlvrd:'), { submitted: '', delivered: '' }],
    ['dates with seconds', USUAL.replace('2601301406', '260130140659'), { doneDate: '260130140659' }],
    ['an id in hex', USUAL.replace('0123456789', '75bcD15'), { id: '75bcD15' }],
    [
      'an id that is a UUID',
      USUAL.replace('0123456789', '0198c0de-0000-7000-8000-00000000abcd'),
      { id: '0198c0de-0000-7000-8000-00000000abcd' },
    ],
    ['an error in letters', USUAL.replace('err:000', 'err:0x1B'), { error: '0x1B' }],
    ['a text that looks like a receipt', USUAL.replace(usual.text, 'id:9 stat:UNDELIV'), { text: 'id:9 stat:UNDELIV' }],
    ['no label before the state', USUAL.replace('stat:DELIVRD', 'DELIVRD'), {}],
    [
      'a date of two words and no state',
      USUAL.replace('done date:2601301406 stat:DELIVRD', 'done date:2026-01-30 14:06'),
      { doneDate: '2026-01-30 14:06', state: '' },
    ],
    ['fields given twice', `${USUAL.slice(0, USUAL.indexOf(' text:'))} stat:UNDELIV`, { text: '' }],
  ])('with %s is read', (_name, text, difference) => {
    expect(parseReceiptText(text)).toEqual({ ...usual, ...difference });
  });

  test.each(['', 'hello', 'sub:001 dlvrd:001', 'rapid:5 restat:6'])('%j is none', (text) => {
    expect(parseReceiptText(text)).toBeNull();
  });

  test('never throws, and gives back what was written', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => typeof parseReceiptText(text) !== 'number'));
    const word = fc.stringMatching(/^[0-9A-Za-z_-]{1,20}$/);
    const receipts = fc.record({
      id: word,
      submitted: word,
      delivered: word,
      submitDate: word,
      doneDate: word,
      state: word,
      error: word,
      text: fc.constantFrom('', 'A/c ..4471: Power of', 'id:1 stat:2'),
    });
    fc.assert(
      fc.property(receipts, (receipt) => expect(parseReceiptText(formatReceiptText(receipt))).toEqual(receipt)),
    );
  });

  test('has dates on the SMSC clock', () => {
    const at = new Date('2026-01-30T18:35:00Z');
    expect(formatReceiptDate(at, 330)).toBe('2601310005');
    expect(parseReceiptDate('2601310005', 330)).toEqual(at);
    expect(parseReceiptDate('260131000559', 330)).toEqual(new Date('2026-01-30T18:35:59Z'));
    expect(parseReceiptDate('26013100', 330)).toBeNull();
  });
});

describe('readReceipt', () => {
  const deliverSm = {
    ...emptyMessage,
    esmClass: 0x04,
    sourceAddr: '919876543210',
    destinationAddr: 'UPPCLP',
    shortMessage: Buffer.from(USUAL),
  };
  const expected = {
    messageId: '0123456789',
    otherMessageId: undefined,
    state: 'DELIVRD',
    errorCode: '000',
    doneDate: '2601301406',
    handset: '919876543210',
    otherAddress: 'UPPCLP',
  };
  const tlvs = (id: string, state: number): Buffer =>
    encodeTlvs([cOctetStringTlv(tlvTags.receiptedMessageId, id), integerTlv(tlvTags.messageState, 1, state)]);

  test('reads the text alone, or with the optional parameters', () => {
    expect(readReceipt(deliverSm)).toEqual(expected);
    expect(readReceipt({ ...deliverSm, tlvs: tlvs('0123456789', 2) })).toEqual(expected);
  });

  test('puts the optional parameters first and keeps the other id', () => {
    const receipt = readReceipt({ ...deliverSm, tlvs: tlvs('75BCD15', 5) });
    expect(receipt).toEqual({ ...expected, messageId: '75BCD15', otherMessageId: '0123456789', state: 'UNDELIV' });
  });

  test('reads optional parameters without a text', () => {
    const receipt = readReceipt({ ...deliverSm, shortMessage: Buffer.alloc(0), tlvs: tlvs('75BCD15', 3) });
    expect(receipt).toMatchObject({ messageId: '75BCD15', state: 'EXPIRED', errorCode: '', doneDate: '' });
  });

  test('reads a text in message_payload, in UCS-2, or ended by NUL', () => {
    const payload = encodeTlvs([{ tag: tlvTags.messagePayload, value: Buffer.from(USUAL) }]);
    expect(readReceipt({ ...deliverSm, shortMessage: Buffer.alloc(0), tlvs: payload })).toEqual(expected);
    expect(readReceipt({ ...deliverSm, dataCoding: 8, shortMessage: encodeUcs2(USUAL) })).toEqual(expected);
    const ended = Buffer.from('id:7 stat:DELIVRD err:000\0');
    expect(readReceipt({ ...deliverSm, shortMessage: ended })).toMatchObject({ messageId: '7', errorCode: '000' });
  });

  test('keeps an underscore in an id, which GSM-7 would turn into another character', () => {
    const shortMessage = Buffer.from(USUAL.replace('0123456789', 'a_7'));
    expect(readReceipt({ ...deliverSm, shortMessage })).toMatchObject({ messageId: 'a_7' });
  });

  test.each([
    ['delivered', 'DELIVRD'],
    ['DELIVERD', 'DELIVRD'],
    ['Delivrd to handset', 'DELIVRD'],
    ['UNDELIVERABLE', 'UNDELIV'],
    ['UNDELIVERED', 'UNDELIV'],
    ['rejectd', 'REJECTD'],
    ['REJECT', 'REJECTD'],
    ['EXPIRD', 'EXPIRED'],
    ['ACCEPTED', 'ACCEPTD'],
    ['FAILED', 'FAILED'],
    ['NOT_DELIVERED', 'NOT_DELIVERED'],
    ['not delivered', 'NOT_DELIVERED'],
    ['DELIVERY_FAILED', 'DELIVERY_FAILED'],
    ['DELIVERYFAILED', 'DELIVERYFAILED'],
    ['BLOCKED', 'BLOCKED'],
    ['DNDREJECT', 'DNDREJECT'],
    ['9876543210', 'UNKNOWN'],
    ['S9876543210', 'S'],
    ['"<b>९८७६</b>"', 'BB'],
    ['---', 'UNKNOWN'],
    ['X'.repeat(5_000), 'X'.repeat(20)],
    ['', 'UNKNOWN'],
  ])('reads the state %j as %s', (stat, state) => {
    const shortMessage = Buffer.from(`id:7 stat:${stat} err:000`);
    expect(readReceipt({ ...deliverSm, shortMessage })).toMatchObject({ messageId: '7', state });
  });

  test('without any id is none', () => {
    expect(readReceipt({ ...deliverSm, shortMessage: Buffer.from('stat:DELIVRD') })).toBeNull();
    expect(readReceipt({ ...deliverSm, shortMessage: Buffer.from('hello') })).toBeNull();
  });

  test.each([
    ['nothing', '', NO_TLVS, 'UNKNOWN'],
    ['a state that 3.4 does not know', '', integerTlvs(9), 'STATE-9'],
    ['a word of its own beside such a state', 'stat:SKIPPED', integerTlvs(9), 'SKIPPED'],
    ['SMPP 5.0: it waits for its time', '', integerTlvs(0), 'SCHEDULED'],
    ['a state of five octets', '', encodeTlvs([{ tag: tlvTags.messageState, value: Buffer.alloc(5, 2) }]), 'UNKNOWN'],
    ['two states, of which the first counts', '', Buffer.concat([integerTlvs(2), integerTlvs(5)]), 'DELIVRD'],
  ])('reads a state said by %s', (_name, text, tlvs, state) => {
    const shortMessage = Buffer.from(`id:7 ${text}`);
    expect(readReceipt({ ...deliverSm, shortMessage, tlvs })).toMatchObject({ messageId: '7', state });
  });

  test('takes no unknown word of an intermediate notification for an end', () => {
    const notification = { ...deliverSm, esmClass: 0x20 };
    const shortMessage = Buffer.from('id:7 stat:BUFFERED err:000');
    expect(readReceipt({ ...notification, shortMessage })).toMatchObject({ state: 'ENROUTE' });
    expect(readReceipt({ ...deliverSm, shortMessage })).toMatchObject({ state: 'BUFFERED' });
    expect(readReceipt(notification)).toMatchObject({ state: 'DELIVRD' });
  });

  test.each([
    ['text', 1, '', 'ok'],
    ['text', 64, '', 'ok'],
    ['text', 65, '', 'ok'],
    ['text', 66, '', ESME_RINVMSGID],
    ['text', 250, '', ESME_RINVMSGID],
    ['message_payload', 2_500, '', ESME_RINVMSGID],
    ['parameter', 1, '\0', 'ok'],
    ['parameter', 64, '\0', 'ok'],
    ['parameter', 65, '', 'ok'],
    ['parameter', 65, '\0', ESME_RINVPARLEN],
    ['parameter', 66, '', ESME_RINVPARLEN],
    ['parameter', 300, '\0', ESME_RINVPARLEN],
    ['parameter', 2_500, '', ESME_RINVPARLEN],
    ['parameter', 8_000, '', ESME_RINVPARLEN],
    ['parameter', 65_535, '', ESME_RINVPARLEN],
  ])('in the %s an id of %d octets (5.2.23) is what it must be', (place, length, end, expected) => {
    const id = 'é'.repeat(length);
    const text = Buffer.from(`id:${id} stat:DELIVRD`, 'latin1');
    const inParameter = { tag: tlvTags.receiptedMessageId, value: Buffer.from(id + end, 'latin1') };
    const inPayload = { tag: tlvTags.messagePayload, value: text };
    const read = readReceipt({
      ...deliverSm,
      shortMessage: place === 'text' ? text : Buffer.alloc(0),
      tlvs: place === 'text' ? NO_TLVS : encodeTlvs([place === 'parameter' ? inParameter : inPayload]),
    });

    if (expected === 'ok') expect(read).toMatchObject({ messageId: id });
    else expect(read).toMatchObject({ fault: true, status: expected });
  });

  test('leaves out of two ids the one that is none', () => {
    const shortMessage = Buffer.from(`id:${'7'.repeat(100)} stat:DELIVRD`);
    const read = readReceipt({ ...deliverSm, shortMessage, tlvs: tlvs('abc', 2) });
    expect(read).toMatchObject({ messageId: 'abc', otherMessageId: undefined });
  });

  test('keeps an error and a date to a few characters', () => {
    const shortMessage = Buffer.from(`id:7 stat:DELIVRD err:${'e'.repeat(100)} done date:${'9'.repeat(100)}`);
    const read = readReceipt({ ...deliverSm, shortMessage });
    expect(read).toMatchObject({ errorCode: 'e'.repeat(20), doneDate: '9'.repeat(20) });
  });

  test.each([
    [0x04, 'hello', true],
    [0x44, 'hello', true],
    [0x20, 'hello', true],
    [0x00, USUAL, true],
    [0x08, USUAL, true],
    [0x10, USUAL, true],
    [0x18, USUAL, true],
    [0x00, ` ID: 7 STAT: FAILED`, true],
    [0x00, USUAL.replace('stat:DELIVRD', 'DELIVRD'), true],
    [0x00, 'hello', false],
    [0x40, 'hello', false],
    [0x08, 'hello', false],
    [0x00, 'id:7', false],
    [0x00, 'stat:DELIVRD', false],
    [0x00, 'my id:7 is stat:DELIVRD', false],
    [0x00, 'FIXED 7', false],
  ])('esm_class %d with the text %j is a receipt: %p', (esmClass, text, answer) => {
    expect(isReceipt({ ...deliverSm, esmClass, shortMessage: Buffer.from(text) })).toBe(answer);
  });

  test('knows a receipt by the parameter that names its message', () => {
    const bare = { ...deliverSm, esmClass: 0, shortMessage: Buffer.alloc(0) };
    expect(isReceipt({ ...bare, tlvs: tlvs('7', 2) })).toBe(true);
    expect(isReceipt({ ...bare, tlvs: integerTlvs(2) })).toBe(false);
  });

  test('never throws, and never keeps more than it says', () => {
    const anyReceipt = fc.record({
      shortMessage: fc.uint8Array({ maxLength: 254 }),
      tlvs: anyTlvs,
      esmClass: fc.nat(255),
    });
    fc.assert(
      fc.property(anyReceipt, ({ shortMessage, ...fields }) => {
        const read = readReceipt({ ...deliverSm, ...fields, shortMessage: Buffer.from(shortMessage) });
        if (read === null || 'fault' in read) return;
        expect(read.messageId.length).toBeLessThanOrEqual(65);
        expect(read.state).toMatch(/^[A-Z][A-Z0-9_-]{0,19}$|^[_-][A-Z_-]{0,19}$/);
      }),
    );
  });
});
