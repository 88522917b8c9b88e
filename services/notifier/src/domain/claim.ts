import type { PersonalFacts } from './personal-message.ts';

/** One of the things that a run says: off until a time, on, a window to come, a window that is gone. Instants are UTC. */
export type Claim = {
  readonly claimNo: number;
  readonly kind: 'off' | 'on' | 'window' | 'no-window';
  readonly cause: string | null;
  readonly startsAt: Date | null;
  readonly until: Date | null;
};

/** What a text is made of, as its row says. */
export type TextRequest = {
  readonly templateKey: string;
  /** What the text says; null where every message has its own facts, and in rows from before there were claims. */
  readonly claimNo: number | null;
  /** The account that the text names. */
  readonly accountNumber: string;
  /** Null in a run with one payload for all. */
  readonly facts: PersonalFacts | null;
};
