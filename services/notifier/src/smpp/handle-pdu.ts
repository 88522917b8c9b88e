import { commandIds, isResponse, readHeader } from '@bijli/smpp';

type OnPdu = (octets: Buffer, start: number, end: number) => void;

/** What a session does with each kind of PDU. */
export type PduHandlers = {
  readonly bindResp: OnPdu;
  readonly submitResp: OnPdu;
  readonly deliverSm: OnPdu;
  readonly dataSm: OnPdu;
  genericNack(status: number, sequence: number): void;
  enquireResp(sequence: number): void;
  enquireLink(sequence: number): void;
  unbind(sequence: number): void;
  unbindResp(): void;
  /** A request that is unknown, or none that a provider makes. */
  notForUs(sequence: number): void;
  /** A response to something we never ask. */
  stray(): void;
};

/** Gives a PDU to its handler, by command_id (SMPP 3.4, 5.1.2.1). */
export function handlePdu(handlers: PduHandlers, octets: Buffer, start: number, end: number): void {
  const { commandId, commandStatus, sequenceNumber } = readHeader(octets, start);
  switch (commandId) {
    case commandIds.submit_sm_resp:
      return handlers.submitResp(octets, start, end);
    case commandIds.deliver_sm:
      return handlers.deliverSm(octets, start, end);
    case commandIds.data_sm:
      return handlers.dataSm(octets, start, end);
    case commandIds.enquire_link:
      return handlers.enquireLink(sequenceNumber);
    case commandIds.enquire_link_resp:
      return handlers.enquireResp(sequenceNumber);
    case commandIds.generic_nack:
      return handlers.genericNack(commandStatus, sequenceNumber);
    case commandIds.bind_transceiver_resp:
    case commandIds.bind_transmitter_resp:
    case commandIds.bind_receiver_resp:
      return handlers.bindResp(octets, start, end);
    case commandIds.unbind:
      return handlers.unbind(sequenceNumber);
    case commandIds.unbind_resp:
      return handlers.unbindResp();
    default:
      return isResponse(commandId) ? handlers.stray() : handlers.notForUs(sequenceNumber);
  }
}
