import type { Logger } from '@bijli/service';
import { type Behaviour, wellBehaved } from '../domain/behaviour.ts';
import { type Dice, dice } from '../domain/dice.ts';
import { type RateGate, rateGate } from '../domain/rate-gate.ts';
import type { MessageStore } from '../handsets/message-store.ts';
import type { PduLog } from '../log/pdu-log.ts';
import { type SmscCounters, smscCounters } from './counters.ts';
import { type ReceiptQueue, receiptQueue } from './receipt-queue.ts';

/** The one account of the simulator: what all its connections share. */
export type Account = {
  readonly systemId: string;
  readonly password: string;
  /** Unanswered submit_sm, and unanswered receipts, on one connection at most. */
  readonly window: number;
  /** Replaced as a whole through the API. */
  behaviour: Behaviour;
  readonly dice: Dice;
  readonly gate: RateGate;
  readonly receipts: ReceiptQueue;
  readonly store: MessageStore;
  readonly pduLog: PduLog;
  readonly counters: SmscCounters;
  readonly log: Logger;
  nextMessageId(): number;
};

/** What an account is made of. */
export type AccountInput = {
  readonly systemId: string;
  readonly password: string;
  readonly window: number;
  readonly seed: number;
  readonly behaviour?: Behaviour;
  readonly store: MessageStore;
  readonly pduLog: PduLog;
  readonly log: Logger;
};

/** Ids of one start never meet those of another: a start issues fewer than a million a second. */
const IDS_PER_MS = 1_000;

/** Opens the account. */
export function openAccount({ seed, behaviour = wellBehaved, ...input }: AccountInput): Account {
  const counters = smscCounters();
  let latestId = Date.now() * IDS_PER_MS;
  return {
    ...input,
    behaviour,
    dice: dice(seed),
    gate: rateGate(),
    receipts: receiptQueue(counters),
    counters,
    nextMessageId: () => {
      latestId += 1;
      return latestId;
    },
  };
}
