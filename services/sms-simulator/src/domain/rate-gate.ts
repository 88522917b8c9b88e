/** Lets through so many a second. */
export type RateGate = (nowMs: number, perSecond: number | null) => boolean;

/** The part of a second whose share may come at once. */
const BURST_SECONDS = 0.1;

/** Makes a gate (token bucket); `null` lets everything through. */
export function rateGate(): RateGate {
  let tokens = Number.POSITIVE_INFINITY;
  let latestMs = 0;
  return (nowMs, perSecond) => {
    if (perSecond === null) return true;
    const most = Math.max(1, perSecond * BURST_SECONDS);
    tokens = Math.min(most, tokens + ((nowMs - latestMs) / 1_000) * perSecond);
    latestMs = nowMs;
    if (tokens < 1) return false;
    tokens -= 1;
    return true;
  };
}
