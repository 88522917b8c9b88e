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
import { emptyMessage } from '../test/sample-messages.ts';
import { cOctetStringTlv, encodeTlvs, integerTlv, tlvTags } from './tlv.ts';
import { encodeUcs2 } from './ucs-2.ts';

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
    ['fields given twice', `${USUAL.slice(0, USUAL.indexOf(' text:'))} stat:UNDELIV`, { text: '' }],
  ])('with %s is read', (_name, text, difference) => {
    expect(parseReceiptText(text)).toEqual({ ...usual, ...difference });
  });

  test.each(['', 'hello', 'sub:001 dlvrd:001', 'rapid:5 restat:6'])('%j is none', (text) => {
    expect(parseReceiptText(text)).toBeUndefined();
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
    expect(parseReceiptDate('26013100', 330)).toBeUndefined();
  });
});

describe('readReceipt', () => {
  const deliverSm = { ...emptyMessage, esmClass: 0x04, sourceAddr: '919876543210', shortMessage: Buffer.from(USUAL) };
  const expected = {
    messageId: '0123456789',
    otherMessageId: undefined,
    state: 'DELIVRD',
    errorCode: '000',
    doneDate: '2601301406',
    handset: '919876543210',
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
    expect(readReceipt({ ...deliverSm, shortMessage })?.messageId).toBe('a_7');
  });

  test.each([
    ['delivered', 'DELIVRD'],
    ['UNDELIVERABLE', 'UNDELIV'],
    ['rejectd', 'REJECTD'],
    ['FAILED', 'UNKNOWN'],
    ['', 'UNKNOWN'],
  ])('reads the state %j as %s', (stat, state) => {
    const shortMessage = Buffer.from(`id:7 stat:${stat} err:000`);
    expect(readReceipt({ ...deliverSm, shortMessage })?.state).toBe(state);
  });

  test('without any id is none', () => {
    expect(readReceipt({ ...deliverSm, shortMessage: Buffer.from('stat:DELIVRD') })).toBeUndefined();
    expect(readReceipt({ ...deliverSm, shortMessage: Buffer.from('hello') })).toBeUndefined();
  });

  test.each([
    [0x04, true],
    [0x44, true],
    [0x20, true],
    [0x00, false],
    [0x40, false],
    [0x08, false],
  ])('esm_class %d is a receipt: %p', (esmClass, answer) => {
    expect(isReceipt(esmClass)).toBe(answer);
  });
});
