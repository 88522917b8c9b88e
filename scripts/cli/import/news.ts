import type { Screen } from '@bijli/start/narrator';

/** Tells the user how far things are. */
export type News = {
  /** Says a line that stays. */
  say(line: string): void;
  /** Says how far something is: a line that changes at a terminal, elsewhere a whole line now and then. */
  progress(line: string): void;
};

const liveEveryMs = 100;
const plainEveryMs = 5_000;
const clearLine = '\r\u001b[K';

/** Opens the news for a screen. */
export function openNews({ live, write }: Screen): News {
  let saidAt = performance.now();
  return {
    say: (line) => {
      saidAt = performance.now();
      write(`${live ? clearLine : ''}${line}\n`);
    },
    progress: (line) => {
      if (performance.now() - saidAt < (live ? liveEveryMs : plainEveryMs)) return;
      saidAt = performance.now();
      write(live ? `${clearLine}${line}` : `${line}\n`);
    },
  };
}

/** Writes a count as people read it: 462,000. */
export function counted(count: number): string {
  return count.toLocaleString('en-GB');
}
