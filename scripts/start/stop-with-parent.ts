const pollMs = 500;

/** Calls back once when there is nobody to read what this process prints any more: `npm test | head` has its ten lines. */
export function whenNobodyReads(callBack: () => void): void {
  const tell = (): void => {
    process.stdout.off('error', tell);
    process.stdout.on('error', () => {}); // what is still said on the way out is for nobody
    callBack();
  };
  process.stdout.on('error', tell);
}

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
