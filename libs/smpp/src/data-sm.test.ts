import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { commandStatus } from './command-status.ts';
import { decodeDataSm, encodeDataSm, encodeDataSmResp } from './data-sm.ts';
import { readHeader } from './header.ts';
import { anyMessage, anyOctets, emptyMessage, encoded } from '../test/sample-messages.ts';

const decode = (octets: Buffer) => decodeDataSm(octets, 0, octets.length);

describe('data_sm', () => {
  test('comes back as written, as a deliver_sm without a text', () => {
    fc.assert(
      fc.property(anyMessage, (sm) => {
        const read = decode(encoded((target, at) => encodeDataSm(target, at, sm)));
        expect(read).toEqual({
          ...emptyMessage,
          sequenceNumber: sm.sequenceNumber,
          serviceType: sm.serviceType,
          sourceAddrTon: sm.sourceAddrTon,
          sourceAddrNpi: sm.sourceAddrNpi,
          sourceAddr: sm.sourceAddr,
          destAddrTon: sm.destAddrTon,
          destAddrNpi: sm.destAddrNpi,
          destinationAddr: sm.destinationAddr,
          esmClass: sm.esmClass,
          registeredDelivery: sm.registeredDelivery,
          dataCoding: sm.dataCoding,
          tlvs: sm.tlvs,
        });
      }),
    );
  });

  test.each([
    ['sourceAddr', 64, undefined],
    ['sourceAddr', 65, commandStatus.ESME_RINVSRCADR],
    ['destinationAddr', 64, undefined],
    ['destinationAddr', 65, commandStatus.ESME_RINVDSTADR],
    ['serviceType', 5, undefined],
    ['serviceType', 6, commandStatus.ESME_RINVSERTYP],
  ] as const)('takes a %s of %d characters, or says which field is too long', (field, length, status) => {
    const text = 'A'.repeat(length);
    const before = { serviceType: '', sourceAddr: '', destinationAddr: '', [field]: text };
    const body = `${before.serviceType}\0\x01\x01${before.sourceAddr}\0\x01\x01${before.destinationAddr}\0\x00\x00\x00`;
    const octets = Buffer.concat([Buffer.alloc(16), Buffer.from(body, 'latin1')]);

    if (status === undefined) expect(decode(octets)).toMatchObject({ [field]: text });
    else expect(decode(octets)).toMatchObject({ fault: true, status });
  });

  test('with parameters that are cut off has a fault', () => {
    const octets = encoded((target, at) =>
      encodeDataSm(target, at, { ...emptyMessage, tlvs: Buffer.from('001e00ff41', 'hex') }),
    );
    expect(decode(octets)).toMatchObject({ fault: true, status: commandStatus.ESME_RINVOPTPARSTREAM });
  });

  test('never throws, whatever the octets', () => {
    fc.assert(fc.property(anyOctets, (octets) => typeof decode(octets) === 'object'));
  });

  test('is answered with its number and a status', () => {
    const answer = encoded((target, at) => encodeDataSmResp(target, at, 7, 0x65));
    expect(readHeader(answer, 0)).toEqual({
      commandLength: 17,
      commandId: 0x80000103,
      commandStatus: 0x65,
      sequenceNumber: 7,
    });
  });
});
