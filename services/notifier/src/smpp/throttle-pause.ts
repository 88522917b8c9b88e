/** The pause after the provider throttled: longer each time, until it accepts again. */
export type ThrottlePause = {
  isOn(): boolean;
  throttled(): void;
  accepted(): void;
  stop(): void;
};

/** Makes the pause of a link; `onEnd` is called when one is over. */
export function throttlePause({
  firstMs,
  mostMs,
  onEnd,
}: {
  firstMs: number;
  mostMs: number;
  onEnd: () => void;
}): ThrottlePause {
  let nextMs = firstMs;
  let timer: NodeJS.Timeout | undefined;
  return {
    isOn: () => timer !== undefined,
    throttled: () => {
      // A whole window may come back throttled: that is one wish to slow down, not fifty.
      if (timer !== undefined) return;
      timer = setTimeout(() => {
        timer = undefined;
        onEnd();
      }, nextMs);
      nextMs = Math.min(mostMs, nextMs * 2);
    },
    accepted: () => {
      if (timer === undefined) nextMs = firstMs;
    },
    stop: () => {
      clearTimeout(timer);
      timer = undefined;
    },
  };
}
