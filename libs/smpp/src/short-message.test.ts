import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decodeDeliverSm, encodeDeliverSm, encodeDeliverSmResp } from './deliver-sm.ts';
import { isFault } from './fault.ts';
import { readHeader } from './header.ts';
import { anyMessage, anyOctets, emptyMessage, encoded } from '../test/sample-messages.ts';
import { shortMessageOctets } from './short-message.ts';
import { decodeSubmitSm, decodeSubmitSmResp, encodeSubmitSm, encodeSubmitSmResp } from './submit-sm.ts';
import { encodeTlvs } from './tlv.ts';

/** A published worked example of a submit_sm, the one of the encyclopedias' SMPP articles. */
const EXAMPLE = Buffer.from(
  '0000003C000000040000000000000005000208353535000101353535353535353535000000000000000000000F48656C6C6F2077696B697065646961',
  'hex',
);
const exampleMessage = {
  ...emptyMessage,
  sequenceNumber: 5,
  sourceAddrTon: 2,
  sourceAddrNpi: 8,
  sourceAddr: '555',
  destAddrTon: 1,
  destAddrNpi: 1,
  destinationAddr: '555555555',
  shortMessage: Buffer.from('Hello wikipedia'),
};

const decode = (octets: Buffer) => decodeSubmitSm(octets, 0, octets.length);

describe('submit_sm', () => {
  test('reads and writes the worked example', () => {
    expect(encoded((target, at) => encodeSubmitSm(target, at, exampleMessage))).toEqual(EXAMPLE);
    expect(decode(EXAMPLE)).toEqual(exampleMessage);
  });

  test('comes back as it was written, at any place of a buffer, within the promised size', () => {
    fc.assert(
      fc.property(anyMessage, fc.nat(100), (message, at) => {
        const target = Buffer.alloc(at + shortMessageOctets(message.tlvs.length), 0xee);
        const end = encodeSubmitSm(target, at, message);
        expect(decodeSubmitSm(target, at, end)).toEqual(message);
        expect(readHeader(target, at)).toMatchObject({ commandLength: end - at, commandId: 4, commandStatus: 0 });
      }),
    );
  });

  test('throws when the buffer is too short, and never writes half a message unseen', () => {
    fc.assert(
      fc.property(anyMessage, fc.nat(), (message, cut) => {
        const { length } = encoded((target, at) => encodeSubmitSm(target, at, message));
        expect(() => encodeSubmitSm(Buffer.alloc(cut % length), 0, message)).toThrow(/bounds|does not fit/);
      }),
    );
  });

  test.each([
    ['service_type', 0x15, { serviceType: 'SIXSIX' }],
    ['source_addr', 0x0a, { sourceAddr: 'A'.repeat(21) }],
    ['destination_addr', 0x0b, { destinationAddr: '9'.repeat(21) }],
    ['schedule_delivery_time', 0x61, { scheduleDeliveryTime: '2'.repeat(17) }],
    ['validity_period', 0x62, { validityPeriod: '2'.repeat(17) }],
  ])('refuses a %s beyond its size, with the status that names it', (field, status, change) => {
    const long = { ...exampleMessage, shortMessage: Buffer.alloc(40, 1), ...change };
    expect(() => encodeSubmitSm(Buffer.alloc(500), 0, long)).toThrow(`${field} takes at most`);

    const body =
      `${long.serviceType}\0\x02\x08${long.sourceAddr}\0\x01\x01${long.destinationAddr}\0\0\0\0` +
      `${long.scheduleDeliveryTime}\0${long.validityPeriod}\0\0\0\0\0\0${' '.repeat(20)}`;
    const octets = Buffer.concat([EXAMPLE.subarray(0, 16), Buffer.from(body)]);
    expect(decode(octets)).toEqual({ fault: true, status, field });
  });

  test('refuses a text beyond 254 octets and an address that is not ASCII, without repeating it', () => {
    const target = Buffer.alloc(500);
    const long = { ...emptyMessage, shortMessage: Buffer.alloc(255) };
    expect(() => encodeSubmitSm(target, 0, long)).toThrow('short_message takes at most 254 octets');
    for (const destinationAddr of ['९८७६५', '98\x0065']) {
      const message = { ...emptyMessage, destinationAddr };
      expect(() => encodeSubmitSm(target, 0, message)).toThrow('destination_addr must be ASCII without NUL');
    }
  });

  test('tells wherever it was cut off', () => {
    fc.assert(
      fc.property(anyMessage, fc.nat(), (message, cut) => {
        const octets = encoded((target, at) => encodeSubmitSm(target, at, { ...message, tlvs: Buffer.alloc(0) }));
        expect(decode(octets.subarray(0, 16 + (cut % (octets.length - 16))))).toMatchObject({ fault: true });
      }),
    );
  });

  test('tells a text that its sm_length leads past the end from optional parameters that do', () => {
    const withTlv = { ...exampleMessage, tlvs: encodeTlvs([{ tag: 0x1400, value: Buffer.from('1101') }]) };
    const octets = encoded((target, at) => encodeSubmitSm(target, at, withTlv));
    expect(decode(octets.subarray(0, octets.length - 1))).toMatchObject({ status: 0xc0 });
    expect(decode(EXAMPLE.subarray(0, EXAMPLE.length - 1))).toMatchObject({ status: 0x01, field: 'short_message' });
  });

  test('never throws, whatever the octets', () => {
    fc.assert(fc.property(anyOctets, (octets) => typeof decode(octets) === 'object'));
  });
});

describe('deliver_sm', () => {
  test('comes back as it was written', () => {
    fc.assert(
      fc.property(anyMessage, (message) => {
        const octets = encoded((target, at) => encodeDeliverSm(target, at, message));
        expect(readHeader(octets, 0).commandId).toBe(5);
        expect(decodeDeliverSm(octets, 0, octets.length)).toEqual(message);
      }),
    );
  });

  test('is answered with an empty message_id', () => {
    const octets = encoded((target, at) => encodeDeliverSmResp(target, at, 77, 0x64));
    expect(octets.toString('hex')).toBe('0000001180000005000000640000004d00');
  });
});

describe('submit_sm_resp', () => {
  const roundTrip = (sequenceNumber: number, status: number, messageId: string) => {
    const octets = encoded((target, at) => encodeSubmitSmResp(target, at, { sequenceNumber, status, messageId }));
    return decodeSubmitSmResp(octets, 0, octets.length);
  };

  test('comes back as it was written', () => {
    expect(roundTrip(5, 0, '0000012a')).toEqual({ sequenceNumber: 5, status: 0, messageId: '0000012a' });
  });

  test('with an error carries no body, and one without a body is read', () => {
    expect(roundTrip(6, 0x58, 'ignored')).toEqual({ sequenceNumber: 6, status: 0x58, messageId: '' });
    const bare = Buffer.from('00000010800000040000000000000006', 'hex');
    expect(decodeSubmitSmResp(bare, 0, 16)).toEqual({ sequenceNumber: 6, status: 0, messageId: '' });
  });

  test('with an id that never ends is a fault', () => {
    const endless = Buffer.concat([Buffer.alloc(16), Buffer.alloc(80, 'a')]);
    expect(decodeSubmitSmResp(endless, 0, 96)).toMatchObject({ fault: true, status: 0x0c });
    const result = decodeSubmitSmResp(endless, 0, 40);
    expect(isFault(result) && result.status).toBe(0x02);
  });
});
