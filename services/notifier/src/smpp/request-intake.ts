import {
  commandStatus,
  DELIVER_SM_RESP_OCTETS,
  decodeDeliverSm,
  encodeDeliverSmResp,
  encodeEnquireLinkResp,
  encodeGenericNack,
  encodeUnbindResp,
  HEADER_OCTETS,
  isFault,
  isReceipt,
  readMessage,
  readReceipt,
  readSequenceNumber,
  type ShortMessage,
} from '@bijli/smpp';
import { answerAfter } from './answer-after.ts';
import { AS_IS } from './message-ids.ts';
import type { SessionInput } from './session.ts';
import type { DeliveryReceipt, InboundMessage } from './smpp-link.ts';

type IntakeInput = Pick<SessionInput, 'options' | 'counters' | 'log' | 'id'> & {
  /** Puts an answer of at most `octets` into the output; does nothing when the session is over. */
  send(octets: number, encode: (target: Buffer, at: number) => number): void;
  flush(): void;
};

/** Takes what the provider asks of us. */
export interface RequestIntake {
  deliverSm(octets: Buffer, start: number, end: number): void;
  enquireLink(sequence: number): void;
  unbind(sequence: number): void;
  /** Refuses what is unknown, or nothing that a provider asks. */
  notForUs(sequence: number): void;
  /** This function will begin to commit what the latest read of the socket brought. */
  start(): void;
  /** Whether every receipt is answered. */
  isIdle(): boolean;
}

/** This function will make the intake of one session: receipts and SMS are answered when they are committed. */
export function requestIntake({ options, counters, log, id, send, flush }: IntakeInput): RequestIntake {
  const ids = options.messageIds ?? AS_IS;
  let open = 0;
  const answerDeliver = (sequence: number, status: number): void =>
    send(DELIVER_SM_RESP_OCTETS, (target, at) => encodeDeliverSmResp(target, at, sequence, status));
  const answerAll = (sequences: readonly number[], status: number): void => {
    for (const sequence of sequences) answerDeliver(sequence, status);
    open -= sequences.length;
    flush();
  };
  const receipts = answerAfter<DeliveryReceipt>({
    commit: async (batch) => {
      await options.onReceipts(batch);
      counters.receipts += batch.length;
    },
    answer: answerAll,
    onFailure: (err, items) => {
      counters.receiptsPutOff += items;
      log.warn(
        { err, session: id, receipts: items },
        'receipts were not committed, the provider will offer them again',
      );
    },
  });
  const inbound = answerAfter<InboundMessage>({
    commit: async (batch) => {
      await options.onInbound?.(batch);
      counters.inbound += batch.length;
    },
    answer: answerAll,
    onFailure: (err, items) =>
      log.warn({ err, session: id, messages: items }, 'SMS were not committed, the provider will offer them again'),
  });

  const takeReceipt = (sm: ShortMessage): void => {
    const receipt = readReceipt(sm);
    if (receipt === undefined) {
      counters.badPdus += 1;
      answerDeliver(sm.sequenceNumber, commandStatus.ESME_RX_P_APPN);
      return;
    }
    open += 1;
    const { messageId, otherMessageId } = receipt;
    receipts.add(sm.sequenceNumber, {
      ...receipt,
      messageId: ids.ofReceipt(messageId),
      otherMessageId: otherMessageId === undefined ? undefined : ids.ofReceipt(otherMessageId),
    });
  };
  const takeMessage = (sm: ShortMessage): void => {
    if (options.onInbound === undefined) return answerDeliver(sm.sequenceNumber, commandStatus.ESME_RX_P_APPN);
    open += 1;
    inbound.add(sm.sequenceNumber, { ...readMessage(sm), from: sm.sourceAddr, to: sm.destinationAddr });
  };

  return {
    deliverSm: (octets, start, end) => {
      const sm = decodeDeliverSm(octets, start, end);
      if (isFault(sm)) {
        counters.badPdus += 1;
        answerDeliver(readSequenceNumber(octets, start), sm.status);
      } else if (isReceipt(sm.esmClass)) takeReceipt(sm);
      else takeMessage(sm);
    },
    enquireLink: (sequence) => send(HEADER_OCTETS, (target, at) => encodeEnquireLinkResp(target, at, sequence)),
    unbind: (sequence) => send(HEADER_OCTETS, (target, at) => encodeUnbindResp(target, at, sequence)),
    notForUs: (sequence) => {
      counters.badPdus += 1;
      send(HEADER_OCTETS, (target, at) => encodeGenericNack(target, at, commandStatus.ESME_RINVCMDID, sequence));
    },
    start: () => {
      receipts.start();
      inbound.start();
    },
    isIdle: () => open === 0,
  };
}
