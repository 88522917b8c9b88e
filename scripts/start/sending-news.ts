import { parseLine } from './last-words.ts';

/** Reads the notifier's log for the user of the start command, and says when texts cannot leave, and when they can again. */
export type SendingNews = {
  onLine(line: string): void;
  /** From now on what is read is said; until then the start itself says how the link is. */
  begin(): void;
};

type Line = {
  readonly message?: unknown;
  readonly bind?: unknown;
  readonly reason?: unknown;
  readonly changedBy?: unknown;
};

/** What a line of the log is in the terminal. */
const news: Readonly<Record<string, (line: Line) => string>> = {
  'SMPP link is bound': ({ bind }) => `the SMPP link is up (${String(bind)})`,
  'SMPP link is down, will be opened again': ({ bind, reason }) =>
    `the SMPP link is down (${String(bind)}: ${String(reason)}): texts wait, it is tried again`,
  'sending is stopped': ({ changedBy, reason }) => `all sending is stopped by ${String(changedBy)}: ${String(reason)}`,
  'sending goes on': ({ changedBy, reason }) => `sending goes on by ${String(changedBy)}: ${String(reason)}`,
};

/** Makes the reader of the notifier's log. */
export function sendingNews(say: (line: string) => void): SendingNews {
  let hasBegun = false;
  return {
    onLine: (line) => {
      if (!hasBegun) return;
      const logged = parseLine(line) as Line | null;
      const words = news[String(logged?.message)];
      if (logged !== null && words !== undefined) say(`  ${words(logged)}`);
    },
    begin: () => {
      hasBegun = true;
    },
  };
}
