import type { RejectionCode } from './decision.ts';
import { MAX_ESTIMATE_MS, MAX_NOTICE_MS, MAX_REPORT_AGE_MS, MAX_WINDOW_MS } from './limits.ts';
import type { Outage } from './outage.ts';

/** Says what is wrong with the window of planned work that is still to come, or null. */
export function windowRefused(
  { startsAt, endsAt }: { readonly startsAt: Date; readonly endsAt: Date },
  now: Date,
): RejectionCode | null {
  if (startsAt <= now) return 'starts-in-the-past';
  if (startsAt.getTime() - now.getTime() > MAX_NOTICE_MS) return 'starts-too-far-ahead';
  return lengthRefused(startsAt, endsAt);
}

/** Says what is wrong with the length of planned work, or null. */
export function lengthRefused(startsAt: Date, endsAt: Date): RejectionCode | null {
  if (endsAt <= startsAt) return 'ends-before-start';
  return endsAt.getTime() - startsAt.getTime() > MAX_WINDOW_MS ? 'window-too-long' : null;
}

/** Says what is wrong with the instant at which something began, or null. */
export function beginningRefused(startsAt: Date, now: Date): RejectionCode | null {
  if (startsAt > now) return 'started-in-the-future';
  return now.getTime() - startsAt.getTime() > MAX_REPORT_AGE_MS ? 'started-too-long-ago' : null;
}

/** Says what is wrong with the estimate of an unplanned outage, or null. */
export function estimateRefused(estimate: Date, now: Date): RejectionCode | null {
  if (estimate <= now) return 'estimate-in-the-past';
  return estimate.getTime() - now.getTime() > MAX_ESTIMATE_MS ? 'estimate-too-far-ahead' : null;
}

/** Says what is wrong with a new estimate of an outage that is open, or null: planned work is bounded by its length. */
export function newEstimateRefused({ kind, startsAt }: Outage, estimate: Date, now: Date): RejectionCode | null {
  if (estimate <= now) return 'estimate-in-the-past';
  return kind === 'planned' ? lengthRefused(startsAt, estimate) : estimateRefused(estimate, now);
}

/** Says what is wrong with the instant at which supply came back, or null. */
export function restorationRefused({ startsAt }: Outage, restoredAt: Date, now: Date): RejectionCode | null {
  if (startsAt > now) return 'not-begun';
  if (restoredAt < startsAt) return 'restored-before-start';
  return restoredAt > now ? 'restored-in-the-future' : null;
}
