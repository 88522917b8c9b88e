/** Gives things back when their time has come; many at once cost little, none cost nothing. */
export type Timetable<T> = {
  add(delayMs: number, item: T): void;
  size(): number;
  stop(): void;
};

/** Things fall due at multiples of this. */
const TICK_MS = 10;

/** Makes a timetable; `onDue` gets what fell due, in the order it was added for each moment. */
export function timetable<T>(onDue: (items: readonly T[]) => void): Timetable<T> {
  const dueAt = new Map<number, T[]>();
  let size = 0;
  let latestTick = 0;
  let timer: NodeJS.Timeout | undefined;
  const tickOf = (ms: number): number => Math.ceil(ms / TICK_MS);

  function run(): void {
    timer = undefined;
    const now = Math.floor(performance.now() / TICK_MS);
    const due: T[] = [];
    for (; latestTick <= now; latestTick += 1) {
      const items = dueAt.get(latestTick);
      if (items === undefined) continue;
      dueAt.delete(latestTick);
      for (const item of items) due.push(item);
    }
    size -= due.length;
    if (due.length > 0) onDue(due);
    wait();
  }
  function wait(): void {
    if (size > 0) timer ??= setTimeout(run, TICK_MS);
  }

  return {
    add: (delayMs, item) => {
      const nowMs = performance.now();
      if (size === 0) latestTick = Math.floor(nowMs / TICK_MS);
      const tick = Math.max(latestTick, tickOf(nowMs + delayMs));
      const items = dueAt.get(tick);
      if (items === undefined) dueAt.set(tick, [item]);
      else items.push(item);
      size += 1;
      wait();
    },
    size: () => size,
    stop: () => {
      clearTimeout(timer);
      dueAt.clear();
      size = 0;
    },
  };
}
