/** Waits that double from `firstMs` to `mostMs`, each drawn from its upper half so that replicas do not come back together. */
export type BackOff = {
  nextMs(): number;
  reset(): void;
};

/** Makes a back-off; `random` gives 0 (included) to 1 (excluded). */
export function backOff({
  firstMs,
  mostMs,
  random = Math.random,
}: {
  firstMs: number;
  mostMs: number;
  random?: () => number;
}): BackOff {
  let ceilingMs = firstMs;
  return {
    nextMs: () => {
      const waitMs = ceilingMs * (0.5 + random() / 2);
      ceilingMs = Math.min(mostMs, ceilingMs * 2);
      return waitMs;
    },
    reset: () => {
      ceilingMs = firstMs;
    },
  };
}
