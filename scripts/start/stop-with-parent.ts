const pollMs = 500;

/** Calls back once when the process that started this one is gone: killed with -9, it could not pass a signal on. */
export function whenParentIsGone(callBack: () => void): void {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    callBack();
  }, pollMs);
  timer.unref();
}
