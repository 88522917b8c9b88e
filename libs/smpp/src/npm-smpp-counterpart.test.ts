import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import smpp from 'smpp';
import { decodeBind, decodeBindResp, encodeBind, encodeBindResp } from './bind.ts';
import { decodeDataSm, encodeDataSm, encodeDataSmResp } from './data-sm.ts';
import { decodeDeliverSm, encodeDeliverSm, encodeDeliverSmResp } from './deliver-sm.ts';
import { isFault } from './fault.ts';
import { countSeptets } from './gsm-7.ts';
import {
  encodeEnquireLink,
  encodeEnquireLinkResp,
  encodeGenericNack,
  encodeUnbind,
  encodeUnbindResp,
} from './link-pdus.ts';
import { readMessage } from './message-text.ts';
import { anyMessage, emptyMessage, encoded } from '../test/sample-messages.ts';
import { readReceipt } from './receipt.ts';
import { dataCodings, segment } from './segment.ts';
import type { ShortMessage } from './short-message.ts';
import { absoluteTime } from './smpp-time.ts';
import { decodeSubmitSm, decodeSubmitSmResp, encodeSubmitSm, encodeSubmitSmResp } from './submit-sm.ts';
import { cOctetStringTlv, encodeTlvs, findIntegerTlv, findTextTlv, findTlv, integerTlv, tlvTags } from './tlv.ts';

const theirs = (command: string, fields: Record<string, unknown>): Buffer => new smpp.PDU(command, fields).toBuffer();
const theyRead = (octets: Buffer) => new smpp.PDU(octets);

function decoded<T extends object>(result: T): Exclude<T, { fault: true }> {
  if (isFault(result)) throw new Error(`fault in ${result.field}`);
  return result as Exclude<T, { fault: true }>;
}

const npmFields = (sm: ShortMessage): Record<string, unknown> => ({
  service_type: sm.serviceType,
  source_addr_ton: sm.sourceAddrTon,
  source_addr_npi: sm.sourceAddrNpi,
  source_addr: sm.sourceAddr,
  dest_addr_ton: sm.destAddrTon,
  dest_addr_npi: sm.destAddrNpi,
  destination_addr: sm.destinationAddr,
  protocol_id: sm.protocolId,
  priority_flag: sm.priorityFlag,
  registered_delivery: sm.registeredDelivery,
  replace_if_present_flag: sm.replaceIfPresentFlag,
  data_coding: sm.dataCoding,
  sm_default_msg_id: sm.smDefaultMsgId,
});

/** What both libraries can hold: npm `smpp` interprets times, headers and texts, which are compared on their own. */
const plainMessage = anyMessage.map((sm) => ({
  ...sm,
  esmClass: 0,
  scheduleDeliveryTime: '',
  validityPeriod: '',
  tlvs: Buffer.alloc(0),
}));

describe('npm smpp', () => {
  test('reads the submit_sm and deliver_sm that we write', () => {
    fc.assert(
      fc.property(plainMessage, (sm) => {
        for (const [encode, command] of [
          [encodeSubmitSm, 'submit_sm'],
          [encodeDeliverSm, 'deliver_sm'],
        ] as const) {
          const pdu = theyRead(encoded((target, at) => encode(target, at, sm)));
          expect(pdu).toMatchObject({ command, sequence_number: sm.sequenceNumber, esm_class: 0, ...npmFields(sm) });
        }
      }),
    );
  });

  test('writes the submit_sm and deliver_sm that we read', () => {
    fc.assert(
      fc.property(plainMessage, (sm) => {
        const fields = { ...npmFields(sm), sequence_number: sm.sequenceNumber, short_message: sm.shortMessage };
        const submit = theirs('submit_sm', fields);
        expect(decodeSubmitSm(submit, 0, submit.length)).toEqual(sm);
        const deliver = theirs('deliver_sm', fields);
        expect(decodeDeliverSm(deliver, 0, deliver.length)).toEqual(sm);
      }),
    );
  });

  test('and we read each other’s texts, in both codings', () => {
    const gsm = fc.string({ unit: fc.constantFrom(...'@£Δ_ aZ09€{}[]~^|\\'), minLength: 1, maxLength: 60 });
    const ucs = fc.string({ unit: fc.constantFrom('बि', 'ज', 'ली', '।', ' ', '1', '😀'), minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(fc.oneof(gsm, ucs), (text) => {
        const { coding, parts } = segment(text);
        const dataCoding = dataCodings[coding];
        const [part] = parts as [Buffer];
        const ours = encoded((target, at) =>
          encodeSubmitSm(target, at, { ...emptyMessage, dataCoding, shortMessage: part }),
        );
        expect(theyRead(ours)['short_message']).toEqual({ message: text });

        const written = theirs('submit_sm', { short_message: text, data_coding: dataCoding });
        expect(readMessage(decoded(decodeSubmitSm(written, 0, written.length))).text).toBe(text);
      }),
    );
    expect(countSeptets('{}')).toBe(4);
  });

  test('reads our parts with their header and our validity period', () => {
    const { parts } = segment('क'.repeat(100), 9);
    const validUntil = new Date('2026-01-30T14:05:09.800Z');
    const sm = {
      ...emptyMessage,
      esmClass: 0x40,
      dataCoding: 8,
      validityPeriod: absoluteTime(validUntil),
      shortMessage: parts[1] as Buffer,
    };
    const pdu = theyRead(encoded((target, at) => encodeSubmitSm(target, at, sm)));
    expect(pdu['validity_period']).toEqual(validUntil);
    expect(pdu['short_message']).toEqual({ udh: [Buffer.from([0, 3, 9, 2, 2])], message: 'क'.repeat(33) });
  });

  test('reads our optional parameters, and we read theirs', () => {
    const tlvs = encodeTlvs([
      cOctetStringTlv(tlvTags.receiptedMessageId, 'a7'),
      integerTlv(tlvTags.messageState, 1, 2),
      integerTlv(tlvTags.sarMsgRefNum, 2, 513),
      { tag: tlvTags.dltEntityId, value: Buffer.from('1101') },
    ]);
    const pdu = theyRead(encoded((target, at) => encodeDeliverSm(target, at, { ...emptyMessage, tlvs })));
    expect(pdu).toMatchObject({ receipted_message_id: 'a7', message_state: 2, sar_msg_ref_num: 513 });
    expect(pdu[String(tlvTags.dltEntityId)]).toEqual(Buffer.from('1101'));

    const fields = {
      receipted_message_id: 'b8',
      message_state: 5,
      sar_msg_ref_num: 514,
      message_payload: Buffer.from('x'),
    };
    const written = theirs('deliver_sm', fields);
    const block = decoded(decodeDeliverSm(written, 0, written.length)).tlvs;
    expect(findTextTlv(block, tlvTags.receiptedMessageId)).toBe('b8');
    expect(findIntegerTlv(block, tlvTags.messageState)).toBe(5);
    expect(findIntegerTlv(block, tlvTags.sarMsgRefNum)).toBe(514);
    expect(findTlv(block, tlvTags.messagePayload)).toEqual(Buffer.from('x'));
  });

  test('and we read each other’s data_sm', () => {
    const text = 'id:b8 stat:DELIVRD err:000';
    const sm = { ...emptyMessage, sourceAddr: '919876543210', destinationAddr: 'UPPCLP', esmClass: 4 };
    const tlvs = encodeTlvs([{ tag: tlvTags.messagePayload, value: Buffer.from(text) }]);
    const ours = theyRead(encoded((target, at) => encodeDataSm(target, at, { ...sm, tlvs })));
    expect(ours).toMatchObject({ command: 'data_sm', source_addr: sm.sourceAddr, esm_class: 4 });
    expect(ours['message_payload']).toMatchObject({ message: text });

    const fields = { source_addr: sm.sourceAddr, destination_addr: 'UPPCLP', esm_class: 4, receipted_message_id: 'b8' };
    const written = theirs('data_sm', { ...fields, message_payload: Buffer.from(text) });
    expect(readReceipt(decoded(decodeDataSm(written, 0, written.length)))).toMatchObject({
      messageId: 'b8',
      state: 'DELIVRD',
      handset: sm.sourceAddr,
    });
  });

  test('reads a bind with a password as long as carriers give them out', () => {
    const password = 'fifteen-letters';
    const bind = { sequenceNumber: 3, systemId: 'bijli', password, systemType: '', addressRange: '' };
    const ours = encoded((target, at) =>
      encodeBind(target, at, 'bind_transceiver', { ...bind, interfaceVersion: 0x34, addrTon: 0, addrNpi: 0 }),
    );
    expect(theyRead(ours)).toMatchObject({ system_id: 'bijli', password });
  });

  test('and we read each other’s binds', () => {
    const bind = {
      sequenceNumber: 3,
      systemId: 'bijli',
      password: 'secret',
      systemType: 'VMA',
      interfaceVersion: 0x34,
      addrTon: 1,
      addrNpi: 1,
      addressRange: '^91',
    };
    const fields = {
      sequence_number: 3,
      system_id: 'bijli',
      password: 'secret',
      system_type: 'VMA',
      interface_version: 0x34,
      addr_ton: 1,
      addr_npi: 1,
      address_range: '^91',
    };
    for (const command of ['bind_receiver', 'bind_transmitter', 'bind_transceiver'] as const) {
      const ours = encoded((target, at) => encodeBind(target, at, command, bind));
      expect(theirs(command, fields)).toEqual(ours);
      expect(theyRead(ours)).toMatchObject({ command, ...fields });
      expect(decodeBind(ours, 0, ours.length)).toEqual(bind);

      const response = { sequenceNumber: 3, status: 0, systemId: 'SMSC', scInterfaceVersion: 0x34 };
      const answer = encoded((target, at) => encodeBindResp(target, at, command, response));
      const answerFields = { sequence_number: 3, system_id: 'SMSC', sc_interface_version: 0x34 };
      expect(theirs(`${command}_resp`, answerFields)).toEqual(answer);
      expect(decodeBindResp(answer, 0, answer.length)).toEqual(response);
    }
  });

  test('and we write the same responses and link PDUs', () => {
    const response = { sequenceNumber: 4, status: 0, messageId: '12ab' };
    const accepted = encoded((target, at) => encodeSubmitSmResp(target, at, response));
    expect(theirs('submit_sm_resp', { sequence_number: 4, message_id: '12ab' })).toEqual(accepted);
    expect(decodeSubmitSmResp(accepted, 0, accepted.length)).toEqual(response);

    const same = (command: string, fields: Record<string, unknown>, write: (target: Buffer, at: number) => number) =>
      expect(theirs(command, fields)).toEqual(encoded(write));
    same('deliver_sm_resp', { sequence_number: 5 }, (target, at) => encodeDeliverSmResp(target, at, 5, 0));
    same('data_sm_resp', { sequence_number: 5 }, (target, at) => encodeDataSmResp(target, at, 5, 0));
    same('enquire_link', { sequence_number: 6 }, (target, at) => encodeEnquireLink(target, at, 6));
    same('enquire_link_resp', { sequence_number: 7 }, (target, at) => encodeEnquireLinkResp(target, at, 7));
    same('unbind', { sequence_number: 8 }, (target, at) => encodeUnbind(target, at, 8));
    same('unbind_resp', { sequence_number: 9 }, (target, at) => encodeUnbindResp(target, at, 9));
    same('generic_nack', { sequence_number: 10, command_status: 3 }, (target, at) =>
      encodeGenericNack(target, at, 3, 10),
    );
  });
});
