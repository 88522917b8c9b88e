/**
 * What became of one record: `applied`; `unchanged` (handled, and what it says was so before); `repeated` (this event id with these bytes was handled before); `superseded` (a newer version
 * is, or is about to be, applied); `dead` (parked as a dead letter, `detail` is the reason); `parked` (its key waits, `detail` says for
 * what); `erased` (a tombstone was applied).
 */
export type Outcome = {
  readonly subscription: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
  readonly key: string;
  readonly outcome: 'applied' | 'unchanged' | 'repeated' | 'superseded' | 'dead' | 'parked' | 'erased';
  readonly detail?: string;
  readonly eventId?: string;
};

/** Hears of outcomes after their transaction has committed. */
export type OnOutcome = (outcome: Outcome) => void;
