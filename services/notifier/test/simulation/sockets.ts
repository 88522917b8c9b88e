import type { Smsc } from './smsc.ts';
import type { Sightings } from './landmarks.ts';
import type { Server } from './server.ts';
import type { Story } from './story.ts';

/** When all sending was stopped: from its commit until it was asked to go on, milliseconds of the story. */
export type Halt = { readonly from: number; to: number };

/** A text has so many parts at most here, and is not cut: of a contract of few parts it may take the next one. */
const PARTS = { most: 2, few: 100 };
/** What PostgreSQL permitted counts for so long from when it was asked (PROTOCOL.md, step 8). */
const PERMITTED_MS = 1_000;
/** Nothing is written in the last five of the thirty seconds of a lease. */
const LEASED_MS = 25_000;

/** Judges what entered the sockets, and when: whatever it says, and whether it is lost or not. */
export function wrongInSockets(
  { entered }: Smsc,
  { sightings: { beats, writtenAhead } }: Server,
  { partsPerSecond }: Story,
  halts: readonly Halt[],
): string[] {
  return [
    ...tooMany(entered, partsPerSecond),
    ...whileStopped(entered, writtenAhead, halts),
    ...withoutLease(entered, beats),
  ];
}

/** No second, whenever it begins, holds more parts than the contract. */
function tooMany(entered: Smsc['entered'], partsPerSecond: number): string[] {
  const most = partsPerSecond < PARTS.few ? partsPerSecond + PARTS.most - 1 : partsPerSecond;
  const times = entered.map(({ at }) => at).sort((a, b) => a - b);
  let [first, worst, worstAt] = [0, 0, 0];
  for (const [n, at] of times.entries()) {
    while ((times[first] ?? at) <= at - 1_000) first += 1;
    if (n - first + 1 <= worst) continue;
    [worst, worstAt] = [n - first + 1, at];
  }
  return worst > most ? [`${worst} parts in the second before ${Math.round(worstAt)} ms, contract ${most}`] : [];
}

function whileStopped(entered: Smsc['entered'], writtenAhead: readonly number[], halts: readonly Halt[]): string[] {
  const isWhile = (at: number, afterMs: number) => halts.some(({ from, to }) => at > from + afterMs && at < to);
  const left = entered.filter(({ at }) => isWhile(at, PERMITTED_MS)).length;
  const permitted = writtenAhead.filter((at) => isWhile(at, 0)).length;
  return [
    ...(left === 0 ? [] : [`${left} parts leave while all sending is stopped`]),
    ...(permitted === 0 ? [] : [`${permitted} times something is written ahead while all sending is stopped`]),
  ];
}

/** Whose lease is past writes nothing: another may have taken what it holds. */
function withoutLease(entered: Smsc['entered'], beats: Sightings['beats']): string[] {
  const wrong = entered.filter(
    ({ at, by }) => !(beats.get(by) ?? []).some((beat) => beat <= at && beat > at - LEASED_MS),
  );
  const [one] = wrong;
  return one === undefined ? [] : [`${wrong.length} parts leave without a lease, at ${Math.round(one.at)} ms`];
}
