import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  type Bind,
  bindCommand,
  decodeBind,
  decodeBindResp,
  encodeBind,
  encodeBindResp,
  MAX_BIND_OCTETS,
  SMPP_3_4,
} from './bind.ts';
import { readHeader } from './header.ts';
import { anyOctets, encoded } from '../test/sample-messages.ts';

/** The worked example of SMPP 3.4, 3.2.2. */
const EXAMPLE = Buffer.from(
  '0000002F000000020000000000000001534D50503354455354007365637265743038005355424D4954310000010100',
  'hex',
);
const exampleBind: Bind = {
  sequenceNumber: 1,
  systemId: 'SMPP3TEST',
  password: 'secret08',
  systemType: 'SUBMIT1',
  interfaceVersion: 0,
  addrTon: 1,
  addrNpi: 1,
  addressRange: '',
};

const bindOctets = (bind: Bind): Buffer => encoded((target, at) => encodeBind(target, at, 'bind_transmitter', bind));
const decode = (octets: Buffer) => decodeBind(octets, 0, octets.length);

describe('bind', () => {
  test('reads and writes the example of 3.2.2', () => {
    expect(readHeader(EXAMPLE, 0)).toEqual({ commandLength: 47, commandId: 2, commandStatus: 0, sequenceNumber: 1 });
    expect(decode(EXAMPLE)).toEqual(exampleBind);
    expect(bindOctets(exampleBind)).toEqual(EXAMPLE);
    expect(bindCommand(2)).toBe('bind_transmitter');
    expect(bindCommand(4)).toBeNull();
  });

  test.each([
    ['system_id', { systemId: 'S'.repeat(64) }],
    ['password', { password: 'P'.repeat(64) }],
    ['system_type', { systemType: 'T'.repeat(64) }],
    ['all of them', { systemId: 'S'.repeat(64), password: 'P'.repeat(64), systemType: 'T'.repeat(64) }],
  ])('carries %s as a carrier gives it out, beyond the size in the table', (_field, change) => {
    const octets = bindOctets({ ...exampleBind, ...change });

    expect(decode(octets)).toEqual({ ...exampleBind, ...change });
    expect(octets.length).toBeLessThan(MAX_BIND_OCTETS);
  });

  test.each([
    ['system_id', 0x0f, { systemId: 'S'.repeat(65) }],
    ['password', 0x0e, { password: 'P'.repeat(65) }],
    ['system_type', 0x53, { systemType: 'T'.repeat(65) }],
  ])('refuses a %s beyond its size, with the status that names it', (field, status, change) => {
    const bind = { ...exampleBind, ...change };
    expect(() => bindOctets(bind)).toThrow(new RegExp(`^${field} takes at most`));

    const texts = `${bind.systemId}\0${bind.password}\0${bind.systemType}\0`;
    const octets = Buffer.concat([EXAMPLE.subarray(0, 16), Buffer.from(`${texts}\x34\x01\x01\0`)]);
    expect(decode(octets)).toEqual({ fault: true, status, field });
  });

  test.each([16, 20, 30, 40, 44])('tells that it was cut off after %d octets', (length) => {
    expect(decode(EXAMPLE.subarray(0, length))).toMatchObject({ fault: true, status: 0x02 });
  });

  test('never throws, whatever the octets', () => {
    fc.assert(fc.property(anyOctets, (octets) => typeof decode(octets) === 'object'));
  });
});

describe('bind response', () => {
  const decodeResponse = (octets: Buffer) => decodeBindResp(octets, 0, octets.length);

  test.each([SMPP_3_4, undefined])('comes back as written, sc_interface_version %p', (scInterfaceVersion) => {
    const response = { sequenceNumber: 9, status: 0, systemId: 'SMSC', scInterfaceVersion };
    const octets = encoded((target, at) => encodeBindResp(target, at, 'bind_transceiver', response));
    expect(readHeader(octets, 0).commandId).toBe(0x80000009);
    expect(decodeResponse(octets)).toEqual(response);
  });

  test('of a refusal has no body', () => {
    const refusal = { sequenceNumber: 9, status: 0x0e, systemId: '', scInterfaceVersion: undefined };
    const octets = encoded((target, at) => encodeBindResp(target, at, 'bind_receiver', refusal));
    expect(octets.length).toBe(16);
    expect(decodeResponse(octets)).toEqual(refusal);
  });
});
