import { describe, expect, test } from '@jest/globals';
import { decodeSubmitSm, ESM_CLASS_UDHI, isFault, readMessage, readTlvs, segment } from '@bijli/smpp';
import type { OutgoingMessage } from './messages.ts';
import { submitEncoder } from './submit-encoder.ts';

const account = { header: 'UPPCLP', entityId: '1101', telemarketerChain: '1102,1103' };
const message = (text: string): OutgoingMessage => ({
  ref: 1,
  destination: '919876500000',
  templateId: '1107',
  reference: 9,
  ...segment(text),
});
const long = 'बिजली बंद '.repeat(10);

/** A part as the provider reads it. */
function encoded(options: Partial<Parameters<typeof submitEncoder>[0]>, outgoing: OutgoingMessage, partNo = 1) {
  const encoder = submitEncoder({ ...account, ...options });
  const target = Buffer.alloc(1_000);
  const end = encoder.encode(target, 0, { sequence: 7, message: outgoing, partNo });
  expect(end).toBeLessThanOrEqual(encoder.octets(outgoing));
  const submit = decodeSubmitSm(target, 0, end);
  if (isFault(submit)) throw new Error(`fault in ${submit.field}`);
  return submit;
}

const tlvsOf = (submit: ReturnType<typeof encoded>) =>
  readTlvs(submit.tlvs).map(({ tag, value }) => [tag.toString(16), value.toString('latin1')]);

describe('submit_sm', () => {
  test('carries entity, template and chain under the tags of the provider, as octet strings without an end', () => {
    const tlvTags = { entityId: 0x1500, templateId: 0x1501, telemarketerChain: 0x2000 };

    expect(tlvsOf(encoded({ tlvTags }, message('Power off')))).toEqual([
      ['1500', '1101'],
      ['1501', '1107'],
      ['2000', '1102,1103'],
    ]);
  });

  test('leaves out what the provider does not ask for, and a chain that there is not', () => {
    const tlvTags = { entityId: undefined, templateId: 0x1401, telemarketerChain: 0x1402 };

    expect(tlvsOf(encoded({ tlvTags, telemarketerChain: '' }, message('Power off')))).toEqual([['1401', '1107']]);
  });

  test('has the types of address that the provider asks for', () => {
    const types = { sourceType: { ton: 3, npi: 9 }, destinationType: { ton: 2, npi: 8 } };

    expect(encoded(types, message('Power off'))).toMatchObject({
      sourceAddrTon: 3,
      sourceAddrNpi: 9,
      destAddrTon: 2,
      destAddrNpi: 8,
    });
  });

  test('says until when it is worth delivering, or not where the provider takes no such thing', () => {
    const outgoing = { ...message('Power off'), validUntil: new Date('2026-01-30T14:05:09.800Z') };

    expect(encoded({}, outgoing).validityPeriod).toBe('260130140509800+');
    expect(encoded({ validityPeriod: 'absolute' }, outgoing).validityPeriod).toBe('260130140509800+');
    expect(encoded({ validityPeriod: 'none' }, outgoing).validityPeriod).toBe('');
  });

  test('asks for no receipt when none could come', () => {
    expect(encoded({}, message('Power off')).registeredDelivery).toBe(1);
    expect(encoded({ wantsReceipts: false }, message('Power off')).registeredDelivery).toBe(0);
  });

  test.each(['udh', 'sar'] as const)('marks the parts of a long text by %s', (multiPart) => {
    const outgoing = message(long);
    const parts = outgoing.parts.map((_, index) => encoded({ multiPart }, outgoing, index + 1));

    expect(parts.map((part) => readMessage(part).text).join('')).toBe(long);
    expect(parts.map((part) => readMessage(part).concatenation)).toEqual([
      { reference: 9, total: 2, number: 1 },
      { reference: 9, total: 2, number: 2 },
    ]);
    expect(parts.map(({ esmClass }) => esmClass & ESM_CLASS_UDHI)).toEqual(
      multiPart === 'udh' ? [ESM_CLASS_UDHI, ESM_CLASS_UDHI] : [0, 0],
    );
  });

  test('of a text in one part has no mark', () => {
    for (const multiPart of ['udh', 'sar'] as const)
      expect(readMessage(encoded({ multiPart }, message('बिजली बंद')))).toEqual({
        text: 'बिजली बंद',
        concatenation: null,
      });
  });
});
