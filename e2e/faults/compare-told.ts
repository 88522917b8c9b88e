import { atMost, exactly, type Finding, told } from './fault-case.ts';
import type { LedgerRow } from './ledger.ts';

/** What may be repeated, and what may be in doubt at the end. */
export type Allowance = { readonly repeats?: number; readonly doubts?: number };

/** A mobile that must be told, how often its handset got the text, and the rows that the ledger has for it. */
export type Addressed = { readonly times: number; readonly rows: readonly Pick<LedgerRow, 'state' | 'wasDoubtful'>[] };

/** Compares what handsets got with the ledger (O1, O3): each its text, each one row, and what is not as usual named there. */
export function compareTold(each: readonly Addressed[], { repeats = 0, doubts = 0 }: Allowance): Finding[] {
  const count = (is: (one: Addressed) => boolean): number => each.filter(is).length;
  const ends = (state: string) => (one: Addressed) => one.rows[0]?.state === state;
  const isNamed = ({ rows }: Addressed) => rows.some(({ wasDoubtful }) => wasDoubtful);
  const repeated = each.reduce((sum, { times }) => sum + Math.max(0, times - 1), 0);
  const unnamed = count((one) => one.times > 1 && !isNamed(one));
  const silent = count((one) => one.times === 0 && !ends('in-doubt')(one));
  const unheard = count((one) => one.times === 0 && ends('accepted')(one));
  return [
    told(`${count(({ times }) => times > 0)} of ${each.length} mobiles told`),
    exactly('never told and not named', silent, 0),
    atMost('repeats', repeated, repeats),
    ...(repeats > 0 ? [exactly('repeats that the ledger does not name', unnamed, 0)] : []),
    ...(repeats > 0 ? [told(`${count(isNamed)} named as in doubt at some time`)] : []),
    atMost('in doubt at the end', count(ends('in-doubt')), doubts),
    exactly(
      'mobiles without exactly one row in the ledger',
      count(({ rows }) => rows.length !== 1),
      0,
    ),
    exactly('accepted by the ledger and not arrived', unheard, 0),
  ];
}
