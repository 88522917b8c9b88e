import type { KeyState } from '../records/inbox-rows.ts';
import type { InboxWorker } from './inbox-worker.ts';
import type { KeyClassification } from './classify-rows.ts';
import type { InboxSettings } from '../subscriptions/settings.ts';
import { backOff } from '../subscriptions/settings.ts';

/** How far a key is from now on, why it waits, and for how long; 'infinity' until somebody decides about its dead letter. */
export type Parking = {
  readonly key: string;
  readonly version: number;
  readonly attempts: number;
  readonly reason: 'gap' | 'retry' | 'dead-letter' | null;
  readonly ms: number | 'infinity' | null;
};

/** How long a key waits after it was classified. */
export function parkingOf(
  { key, version, park }: KeyClassification,
  state: KeyState,
  settings: InboxSettings,
): Parking {
  if (park === 'dead-letter') return { key, version, attempts: 0, reason: park, ms: 'infinity' };
  if (park !== 'gap') return { key, version, attempts: 0, reason: null, ms: null };
  const attempts = state.gapSince === null ? 1 : state.attempts + 1;
  return { key, version, attempts, reason: park, ms: backOff(settings.gapRecheckMs, attempts) };
}

/** How long a key waits after its try number `attempts` has failed. */
export function retryParking({ key, version }: KeyState, attempts: number, settings: InboxSettings): Parking {
  return { key, version, attempts, reason: 'retry', ms: backOff(settings.backOffMs, attempts) };
}

/** Sees to it that somebody looks when the first of these keys stops waiting. */
export function wakeAfter(worker: InboxWorker, parkings: readonly Parking[]): void {
  const waits = parkings.flatMap(({ ms }) => (typeof ms === 'number' ? [ms] : []));
  if (waits.length > 0) worker.wakeWithin(Math.min(...waits));
}

/** Tells whether a key is other than it was: one of a system that numbers nothing is written only when it fails. */
export function hasMoved({ version, attempts, reason }: Parking, before: KeyState): boolean {
  return reason !== null || version !== before.version || attempts !== before.attempts || before.gapSince !== null;
}
