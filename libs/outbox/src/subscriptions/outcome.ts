/**
 * What became of one record: `applied`; `unchanged` (handled, and what it says was so before); `repeated` (this event id with these bytes was handled before); `superseded` (a newer version
 * is, or is about to be, applied); `dead` (parked as a dead letter, `detail` is the reason); `parked` (its key waits, `detail` says for
 * what); `erased` (a tombstone was applied).
 */
export type Outcome = {
  subscription: string;
  topic: string;
  partition: number;
  offset: bigint;
  key: string;
  outcome: 'applied' | 'unchanged' | 'repeated' | 'superseded' | 'dead' | 'parked' | 'erased';
  detail?: string;
  eventId?: string;
};

/** Hears of outcomes after their transaction has committed. */
export type OnOutcome = (outcome: Outcome) => void;
