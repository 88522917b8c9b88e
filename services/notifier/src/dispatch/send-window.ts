/** Counts the messages that are written ahead and have no committed outcome yet. */
export type SendWindow = {
  /** Resolves once `n` more messages fit, and counts them. First come, first served. */
  take(n: number): Promise<void>;
  give(n: number): void;
  inUse(): number;
};

/** Makes a window of `size` messages: the most that one kill can leave in doubt (PROTOCOL.md, step 6). */
export function sendWindow(size: number): SendWindow {
  let used = 0;
  const queue: { n: number; start: () => void }[] = [];
  const startThoseThatFit = () => {
    for (let head = queue[0]; head !== undefined && (used === 0 || used + head.n <= size); head = queue[0]) {
      queue.shift();
      used += head.n;
      head.start();
    }
  };
  return {
    take: (n) =>
      new Promise((resolve) => {
        queue.push({ n, start: resolve });
        startThoseThatFit();
      }),
    give(n) {
      used -= n;
      startThoseThatFit();
    },
    inUse: () => used,
  };
}

/** Smallest and largest slice, and the part of a second that it should take (PROTOCOL.md, step 6). */
const SLICE = { least: 50, most: 1_000, seconds: 0.1 };

/** Sizes a slice for a contracted rate in message parts per second. */
export function sliceSize(ratePartsPerSecond: number): number {
  return Math.min(SLICE.most, Math.max(SLICE.least, Math.round(ratePartsPerSecond * SLICE.seconds)));
}
