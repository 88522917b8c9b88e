import { open } from 'node:fs/promises';
import { lastErrorIn, type LastWords, lastWordsIn } from '@bijli/start/last-words';

/** What the end of a log says that somebody should know. */
export type LogNews = {
  /** By which words the process last could not go on. */
  readonly lastFatal: LastWords | null;
  /** What it last wanted a person to look at. */
  readonly lastError: LastWords | null;
};

/** How far back the end of a log is read. */
const lookedAtBytes = 1_000_000;

/** Reads the news in the last megabyte of a log; there are none where there is no log. */
export async function readLogNews(path: string): Promise<LogNews> {
  const file = await open(path).catch(() => null);
  if (file === null) return { lastFatal: null, lastError: null };
  try {
    const { size } = await file.stat();
    const from = Math.max(0, size - lookedAtBytes);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(size - from), 0, size - from, from);
    const end = buffer.toString('utf8', 0, bytesRead);
    return { lastFatal: lastWordsIn(end), lastError: lastErrorIn(end) };
  } finally {
    await file.close();
  }
}
