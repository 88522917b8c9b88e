import { commandStatus } from '@bijli/smpp';
import type { PlannedReceipt } from '../domain/fate.ts';
import type { SmscCounters } from './counters.ts';
import { timetable } from './timetable.ts';

/** A receipt on its way to the client. */
export type Receipt = PlannedReceipt & {
  readonly messageId: string;
  readonly handset: string;
  readonly header: string;
  readonly submittedAt: Date;
  readonly doneAt: Date;
  /** First characters of the message. */
  readonly text: string;
  /** The connection that the message came from. */
  readonly submittedOn: number;
  attempts: number;
};

/** A connection that takes receipts. */
export type Receiver = {
  readonly id: number;
  canTake(): boolean;
  /** Puts a deliver_sm into the output. */
  deliver(receipt: Receipt): void;
  flush(): void;
};

/** Receipts of one account, each kept until the client has answered it. */
export type ReceiptQueue = {
  /** Sends a receipt after its time. */
  plan(receipt: Receipt): void;
  attach(receiver: Receiver): void;
  /** Takes a connection out; what it had not answered is sent again on another. */
  detach(receiver: Receiver, unanswered: readonly Receipt[]): void;
  answered(receipt: Receipt, status: number): void;
  notAnswered(receipt: Receipt): void;
  /** Hands out what is due, as far as connections take it. */
  pump(): void;
  /** Receipts that wait for their time, for a connection or for another try. */
  waiting(): number;
  stop(): void;
};

const RETRY_MS = { first: 1_000, most: 30_000 };
/** For a client that stays away; beyond it new receipts are dropped, counted. */
const MOST_WAITING = 1_000_000;
const FORGET_AFTER = 4_096;
/** The client will never take it (SMPP 3.4, 5.1.3). */
const forGood: ReadonlySet<number> = new Set([commandStatus.ESME_RX_P_APPN, commandStatus.ESME_RX_R_APPN]);

/** Makes the queue of receipts. */
export function receiptQueue(counters: SmscCounters): ReceiptQueue {
  let ready: Receipt[] = [];
  let head = 0;
  let receivers: Receiver[] = [];
  let turn = 0;
  const later = timetable<Receipt>((due) => {
    for (const receipt of due) ready.push(receipt);
    pump();
  });
  const waiting = (): number => ready.length - head + later.size();

  function receiverFor({ onOtherBind, submittedOn }: Receipt): Receiver | undefined {
    const avoided = onOtherBind && receivers.some(({ id }) => id !== submittedOn) ? submittedOn : undefined;
    for (let tried = 0; tried < receivers.length; tried += 1) {
      turn = (turn + 1) % receivers.length;
      const receiver = receivers[turn];
      if (receiver !== undefined && receiver.id !== avoided && receiver.canTake()) return receiver;
    }
    return undefined;
  }
  function pump(): void {
    const touched = new Set<Receiver>();
    for (let receipt = ready[head]; receipt !== undefined; receipt = ready[head]) {
      const receiver = receiverFor(receipt);
      if (receiver === undefined) break;
      head += 1;
      receipt.attempts += 1;
      counters.receiptsSent += 1;
      receiver.deliver(receipt);
      touched.add(receiver);
    }
    if (head > FORGET_AFTER) {
      ready = ready.slice(head);
      head = 0;
    }
    for (const receiver of touched) receiver.flush();
  }
  function again(receipt: Receipt): void {
    counters.receiptsAgain += 1;
    later.add(Math.min(RETRY_MS.most, RETRY_MS.first * 2 ** (receipt.attempts - 1)), receipt);
  }

  return {
    plan: (receipt) => {
      if (waiting() >= MOST_WAITING) counters.receiptsDropped += 1;
      else if (receipt.early) ready.push(receipt);
      else later.add(receipt.afterMs, receipt);
    },
    attach: (receiver) => {
      receivers.push(receiver);
      pump();
    },
    detach: (receiver, unanswered) => {
      receivers = receivers.filter((other) => other !== receiver);
      counters.receiptsAgain += unanswered.length;
      ready.push(...unanswered);
      pump();
    },
    answered: (receipt, status) => {
      counters.receiptsAnswered += 1;
      if (status !== commandStatus.ESME_ROK && !forGood.has(status)) again(receipt);
    },
    notAnswered: again,
    pump,
    waiting,
    stop: later.stop,
  };
}
