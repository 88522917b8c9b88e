import {
  cOctetStringTlv,
  commandStatus,
  encodeDataSm,
  encodeDeliverSm,
  encodeTlvs,
  encodeUcs2,
  integerTlv,
  NO_TLVS,
  type ShortMessage,
  tlvTags,
} from '@bijli/smpp';
import { until } from '@bijli/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type RawConnection, type RawSmsc, startRawSmsc } from '../../test/smpp/raw-smsc.ts';
import { type TestLink, testLink } from '../../test/smpp/test-link.ts';

const HANDSET = '919876500001';
const TEXT = 'id:m7 sub:001 dlvrd:001 submit date:2601301000 done date:2601301001 stat:DELIVRD err:000 text:';
const delivered = { messageId: 'm7', otherMessageId: undefined, state: 'DELIVRD', handset: HANDSET };

let smsc: RawSmsc;
let tested: TestLink;
let sequence = 0;

beforeAll(async () => {
  smsc = await startRawSmsc();
  tested = testLink(smsc.port);
  await until(() => tested.link.state() === 'bound', { describe: 'the link to be bound' });
});
beforeEach(() => {
  tested.receipts.length = 0;
});
afterAll(async () => {
  await tested.link.stop();
  await smsc.close();
});

type Pdu = Partial<ShortMessage>;
const text = (words: string): Pdu => ({ shortMessage: Buffer.from(words, 'latin1') });
const parameters = (id: string, state: number): Pdu => ({
  tlvs: encodeTlvs([cOctetStringTlv(tlvTags.receiptedMessageId, id), integerTlv(tlvTags.messageState, 1, state)]),
});
const payload = (octets: Buffer): Pdu => ({ tlvs: encodeTlvs([{ tag: tlvTags.messagePayload, value: octets }]) });

/** Sends a PDU and gives the answer to it. */
async function answerTo(pdu: Pdu, encode: typeof encodeDeliverSm) {
  const connection = smsc.connections.at(-1) as RawConnection;
  sequence += 1;
  const sequenceNumber = sequence;
  connection.deliver({ sourceAddr: HANDSET, ...pdu, sequenceNumber }, encode);
  return until(
    () =>
      connection.pdus.find(
        ({ sequence: of, name }) => of === sequenceNumber && /^(deliver|data)_sm_resp$/.test(name ?? ''),
      ),
    {
      describe: 'the answer',
    },
  );
}

const asDataSm: typeof encodeDeliverSm = (target, at, sm) =>
  encodeDataSm(target, at, {
    ...sm,
    tlvs: sm.shortMessage.length === 0 ? sm.tlvs : Buffer.concat([sm.tlvs, payload(sm.shortMessage).tlvs ?? NO_TLVS]),
  });
const doors = [
  ['deliver_sm', encodeDeliverSm],
  ['data_sm', asDataSm],
] as const;

describe.each(doors)('a receipt as %s', (name, encode) => {
  test.each<[string, Pdu, object]>([
    ['as the book says', text(TEXT), delivered],
    ['that is not marked as one', { ...text(TEXT), esmClass: 0x00 }, delivered],
    ['marked as an acknowledgement of the handset', { ...text(TEXT), esmClass: 0x08 }, delivered],
    ['marked as an acknowledgement of the person', { ...text(TEXT), esmClass: 0x10 }, delivered],
    ['of parameters alone, not marked', { ...parameters('m7', 2), esmClass: 0 }, delivered],
    ['of parameters alone', parameters('m7', 5), { ...delivered, state: 'UNDELIV' }],
    [
      'with two ids',
      { ...text(TEXT), ...parameters('1a', 2) },
      { ...delivered, messageId: '1a', otherMessageId: 'm7' },
    ],
    ['in message_payload', payload(Buffer.from(TEXT)), delivered],
    ['in UCS-2', { shortMessage: encodeUcs2(TEXT), dataCoding: 8 }, delivered],
    [
      'whose addresses are not turned round',
      { ...text(TEXT), sourceAddr: 'UPPCLP', destinationAddr: HANDSET },
      { ...delivered, handset: 'UPPCLP', otherAddress: HANDSET },
    ],
    ['without a label before its state', text(TEXT.replace('stat:', '')), delivered],
    ['with an end that no book has', text(TEXT.replace('DELIVRD', 'DNDREJECT')), { ...delivered, state: 'DNDREJECT' }],
    [
      'with its parameters doubled',
      { tlvs: Buffer.concat([parameters('m7', 2).tlvs ?? NO_TLVS, parameters('m8', 5).tlvs ?? NO_TLVS]) },
      delivered,
    ],
    ['of the year 0', text(TEXT.replaceAll(/26013010\d\d/g, '0000000000')), delivered],
    ['of the year 9999', text(TEXT.replaceAll(/26013010\d\d/g, '99991231235959')), delivered],
    ['with NUL in its id', text(TEXT.replace('m7', 'm\u00007')), { ...delivered, messageId: 'm\u00007' }],
    [
      'with octets that are no UTF-8',
      text(TEXT.replace('m7', '\xff\xfe\xc3')),
      { ...delivered, messageId: '\xff\xfe\xc3' },
    ],
    ['with an id of 65 octets', text(TEXT.replace('m7', 'i'.repeat(65))), { ...delivered, messageId: 'i'.repeat(65) }],
  ])('%s is taken and answered', async (_, pdu, expected) => {
    const answer = await answerTo(pdu, encode);

    expect(answer).toMatchObject({ name: `${name}_resp`, status: commandStatus.ESME_ROK });
    expect(tested.receipts).toEqual([expect.objectContaining(expected)]);
  });

  const oversized = (octets: number) => parameters('i'.repeat(octets), 2);
  test.each<[string, Pdu, number]>([
    ['whose id has 66 octets', text(TEXT.replace('m7', 'i'.repeat(66))), commandStatus.ESME_RINVMSGID],
    ['whose id parameter has 66 octets', oversized(65), commandStatus.ESME_RINVPARLEN],
    ['whose id parameter has 300 octets', oversized(300), commandStatus.ESME_RINVPARLEN],
    ['whose id parameter has 2,500 octets', oversized(2_500), commandStatus.ESME_RINVPARLEN],
    ['whose id parameter has 8,000 octets', oversized(8_000), commandStatus.ESME_RINVPARLEN],
    ['whose parameters are cut off', { tlvs: Buffer.from('001e00ff6d37', 'hex') }, commandStatus.ESME_RINVOPTPARSTREAM],
    ['that names no message', { ...text('stat:DELIVRD err:000'), esmClass: 4 }, commandStatus.ESME_RX_P_APPN],
    ['that is an SMS from a handset', { ...text('FIXED 7'), esmClass: 0 }, commandStatus.ESME_RX_P_APPN],
    ['that is an SMS about a receipt', { ...text(`what is ${TEXT}`), esmClass: 0 }, commandStatus.ESME_RX_P_APPN],
  ])('%s is refused, and the next one is taken', async (_, pdu, status) => {
    expect(await answerTo(pdu, encode)).toMatchObject({ name: `${name}_resp`, status });
    expect(await answerTo(text(TEXT), encode)).toMatchObject({ status: commandStatus.ESME_ROK });
    expect(tested.receipts).toEqual([expect.objectContaining(delivered)]);
  });
});

describe('a PDU of the SMSC that is larger than any of ours', () => {
  test('is refused with its connection, and receipts come over the next one', async () => {
    const first = smsc.connections.at(-1) as RawConnection;
    first.deliver({ ...parameters('i'.repeat(64_000), 2), sequenceNumber: 77 });
    await until(() => first.pdus.some(({ name, sequence: of }) => name === 'generic_nack' && of === 77), {
      describe: 'the refusal',
    });
    await until(() => smsc.connections.length === 2 && tested.link.state() === 'bound', { describe: 'a new session' });

    expect(await answerTo(text(TEXT), encodeDeliverSm)).toMatchObject({ status: commandStatus.ESME_ROK });
  });
});
