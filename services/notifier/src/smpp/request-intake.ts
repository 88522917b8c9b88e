import {
  commandStatus,
  DELIVER_SM_RESP_OCTETS,
  decodeDataSm,
  decodeDeliverSm,
  encodeDataSmResp,
  encodeDeliverSmResp,
  encodeEnquireLinkResp,
  encodeGenericNack,
  encodeUnbindResp,
  HEADER_OCTETS,
  isFault,
  isReceipt,
  type PduFault,
  readMessage,
  readReceipt,
  readSequenceNumber,
  type ShortMessage,
} from '@bijli/smpp';
import { answerAfter } from './answer-after.ts';
import { AS_IS } from './message-ids.ts';
import type { SessionInput } from './session-input.ts';
import type { DeliveryReceipt, InboundMessage } from './smpp-link.ts';

type IntakeInput = Pick<SessionInput, 'options' | 'counters' | 'log' | 'id'> & {
  /** Puts an answer of at most `octets` into the output; does nothing when the session is over. */
  send(octets: number, encode: (target: Buffer, at: number) => number): void;
  flush(): void;
};

/** Takes what the provider asks of us. */
export type RequestIntake = {
  deliverSm(octets: Buffer, start: number, end: number): void;
  dataSm(octets: Buffer, start: number, end: number): void;
  enquireLink(sequence: number): void;
  unbind(sequence: number): void;
  /** Refuses what is unknown, or nothing that a provider asks. */
  notForUs(sequence: number): void;
  /** Begins to commit what the latest read of the socket brought. */
  start(): void;
  /** Whether every receipt is answered. */
  isIdle(): boolean;
};

/** A deliver_sm or data_sm that waits for its answer. */
type Asked = {
  readonly sequence: number;
  readonly encodeAnswer: (target: Buffer, at: number, sequence: number, status: number) => number;
};

/** Makes the intake of one session: receipts and SMS are answered when they are committed. */
export function requestIntake({ options, counters, log, id, send, flush }: IntakeInput): RequestIntake {
  const ids = options.messageIds ?? AS_IS;
  let open = 0;
  const answerOne = ({ sequence, encodeAnswer }: Asked, status: number): void =>
    send(DELIVER_SM_RESP_OCTETS, (target, at) => encodeAnswer(target, at, sequence, status));
  const answerAll = (asked: readonly Asked[], status: number): void => {
    for (const one of asked) answerOne(one, status);
    open -= asked.length;
    flush();
  };
  const receipts = answerAfter<Asked, DeliveryReceipt>({
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
  const inbound = answerAfter<Asked, InboundMessage>({
    commit: async (batch) => {
      await options.onInbound?.(batch);
      counters.inbound += batch.length;
    },
    answer: answerAll,
    onFailure: (err, items) =>
      log.warn({ err, session: id, messages: items }, 'SMS were not committed, the provider will offer them again'),
  });

  const refuse = (asked: Asked, status: number): void => {
    counters.badPdus += 1;
    answerOne(asked, status);
  };
  const takeReceipt = (asked: Asked, sm: ShortMessage): void => {
    const receipt = readReceipt(sm);
    if (receipt === null) return refuse(asked, commandStatus.ESME_RX_P_APPN);
    if (isFault(receipt)) return refuse(asked, receipt.status);
    open += 1;
    const { messageId, otherMessageId } = receipt;
    receipts.add(asked, {
      ...receipt,
      messageId: ids.ofReceipt(messageId),
      otherMessageId: otherMessageId === undefined ? undefined : ids.ofReceipt(otherMessageId),
    });
  };
  const takeMessage = (asked: Asked, sm: ShortMessage): void => {
    if (options.onInbound === undefined) return answerOne(asked, commandStatus.ESME_RX_P_APPN);
    open += 1;
    inbound.add(asked, { ...readMessage(sm), from: sm.sourceAddr, to: sm.destinationAddr });
  };
  const take = (asked: Asked, sm: ShortMessage | PduFault): void => {
    if (isFault(sm)) refuse(asked, sm.status);
    else if (isReceipt(sm)) takeReceipt(asked, sm);
    else takeMessage(asked, sm);
  };

  return {
    deliverSm: (octets, start, end) =>
      take(
        { sequence: readSequenceNumber(octets, start), encodeAnswer: encodeDeliverSmResp },
        decodeDeliverSm(octets, start, end),
      ),
    dataSm: (octets, start, end) =>
      take(
        { sequence: readSequenceNumber(octets, start), encodeAnswer: encodeDataSmResp },
        decodeDataSm(octets, start, end),
      ),
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
