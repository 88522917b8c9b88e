import { type CommandName, commandIds, responseId } from './command-id.ts';
import { commandStatus } from './command-status.ts';
import type { PduFault } from './fault.ts';
import { type FieldCursor, fieldCursor, readCOctetString, readInteger1, writeCOctetString } from './fields.ts';
import { beginPdu, endPdu, HEADER_OCTETS, readHeader } from './header.ts';
import { encodeTlvs, findIntegerTlv, integerTlv, NO_TLVS, tlvFault, tlvTags } from './tlv.ts';

/** The three ways to bind: to send, to hear, both. */
export type BindCommand = Extract<CommandName, 'bind_receiver' | 'bind_transmitter' | 'bind_transceiver'>;

/** A bind request. */
export type Bind = {
  readonly sequenceNumber: number;
  readonly systemId: string;
  readonly password: string;
  readonly systemType: string;
  readonly interfaceVersion: number;
  readonly addrTon: number;
  readonly addrNpi: number;
  readonly addressRange: string;
};

/** interface_version of this library (5.2.4). */
export const SMPP_3_4 = 0x34;

/**
 * What an account is called and how it proves itself is the SMSC's to say: many give out passwords of 9 to 15 characters,
 * and some longer names, although the fields hold 8, 15 and 12. They are sent and read as they are, up to this many octets.
 */
const DICTATED_OCTETS = 65;

/** More octets than any bind or bind response of ours takes. */
export const MAX_BIND_OCTETS = 256;

const bindCommands = new Map<number, BindCommand>(
  (['bind_receiver', 'bind_transmitter', 'bind_transceiver'] as const).map((name) => [commandIds[name], name]),
);

/** Names the bind that a command id is; null when it is no bind request. */
export function bindCommand(commandId: number): BindCommand | null {
  return bindCommands.get(commandId) ?? null;
}

/**
 * SMPP 3.4, 4.1.1 bind_transmitter, 4.1.3 bind_receiver, 4.1.5 bind_transceiver: one body
 *
 *     | field             | octets      | type           |
 *     | system_id         | Var. max 16 | C-Octet String |
 *     | password          | Var. max 9  | C-Octet String |
 *     | system_type       | Var. max 13 | C-Octet String |
 *     | interface_version | 1           | Integer        |
 *     | addr_ton          | 1           | Integer        |
 *     | addr_npi          | 1           | Integer        |
 *     | address_range     | Var. max 41 | C-Octet String |
 *
 * Writes a bind request at `at`; gives the offset behind it. Of the first three each takes up to 64 characters here.
 */
export function encodeBind(target: Buffer, at: number, command: BindCommand, bind: Bind): number {
  let end = beginPdu(target, at, commandIds[command], commandStatus.ESME_ROK, bind.sequenceNumber);
  end = writeCOctetString(target, end, bind.systemId, DICTATED_OCTETS, 'system_id');
  end = writeCOctetString(target, end, bind.password, DICTATED_OCTETS, 'password');
  end = writeCOctetString(target, end, bind.systemType, DICTATED_OCTETS, 'system_type');
  target[end++] = bind.interfaceVersion;
  target[end++] = bind.addrTon;
  target[end++] = bind.addrNpi;
  end = writeCOctetString(target, end, bind.addressRange, 41, 'address_range');
  return endPdu(target, at, end);
}

const readBindBody = (cursor: FieldCursor, sequenceNumber: number): Bind => ({
  sequenceNumber,
  systemId: readCOctetString(cursor, DICTATED_OCTETS, commandStatus.ESME_RINVSYSID, 'system_id'),
  password: readCOctetString(cursor, DICTATED_OCTETS, commandStatus.ESME_RINVPASWD, 'password'),
  systemType: readCOctetString(cursor, DICTATED_OCTETS, commandStatus.ESME_RINVSYSTYP, 'system_type'),
  interfaceVersion: readInteger1(cursor, 'interface_version'),
  addrTon: readInteger1(cursor, 'addr_ton'),
  addrNpi: readInteger1(cursor, 'addr_npi'),
  addressRange: readCOctetString(cursor, 41, commandStatus.ESME_RBINDFAIL, 'address_range'),
});

/** Reads the bind request from `start` to `end` (4.1.1, 4.1.3, 4.1.5; the table stands above `encodeBind`). */
export function decodeBind(octets: Buffer, start: number, end: number): Bind | PduFault {
  const { sequenceNumber } = readHeader(octets, start);
  const cursor = fieldCursor(octets, start + HEADER_OCTETS, end);
  const bind = readBindBody(cursor, sequenceNumber);
  return cursor.fault ?? tlvFault(octets, cursor.at, end) ?? bind;
}

/** A bind response. `scInterfaceVersion` is undefined when the SMSC does not say that it knows optional parameters. */
export type BindResp = {
  readonly sequenceNumber: number;
  readonly status: number;
  readonly systemId: string;
  readonly scInterfaceVersion: number | undefined;
};

/**
 * SMPP 3.4, 4.1.2, 4.1.4, 4.1.6 bind responses: one body, absent when command_status is not 0
 *
 *     | field                | octets      | type           |
 *     | system_id            | Var. max 16 | C-Octet String | the SMSC's
 *     | sc_interface_version | TLV         | Integer, 1     | optional
 *
 * Writes the response to a bind at `at`; gives the offset behind it.
 */
export function encodeBindResp(target: Buffer, at: number, command: BindCommand, response: BindResp): number {
  const begin = beginPdu(target, at, responseId(commandIds[command]), response.status, response.sequenceNumber);
  if (response.status !== commandStatus.ESME_ROK) return endPdu(target, at, begin);
  const end = writeCOctetString(target, begin, response.systemId, 16, 'system_id');
  const { scInterfaceVersion: version } = response;
  const tlvs = version === undefined ? NO_TLVS : encodeTlvs([integerTlv(tlvTags.scInterfaceVersion, 1, version)]);
  target.set(tlvs, end);
  return endPdu(target, at, end + tlvs.length);
}

/** Reads the bind response from `start` to `end` (table above `encodeBindResp`); a missing body reads as empty. */
export function decodeBindResp(octets: Buffer, start: number, end: number): BindResp | PduFault {
  const { sequenceNumber, commandStatus: status } = readHeader(octets, start);
  const cursor = fieldCursor(octets, start + HEADER_OCTETS, end);
  const hasBody = cursor.at < end;
  const systemId = hasBody ? readCOctetString(cursor, DICTATED_OCTETS, commandStatus.ESME_RINVSYSID, 'system_id') : '';
  const fault = cursor.fault ?? tlvFault(octets, cursor.at, end);
  if (fault !== null) return fault;
  const tlvs = octets.subarray(cursor.at, end);
  return {
    sequenceNumber,
    status,
    systemId,
    scInterfaceVersion: findIntegerTlv(tlvs, tlvTags.scInterfaceVersion) ?? undefined,
  };
}
