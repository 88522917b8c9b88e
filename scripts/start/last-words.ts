import { maskText } from './mask-text.ts';

/** Why a process ended, in its own words, and when it said them, or what it logged before them; null where its output bears no time. */
export type LastWords = { readonly words: string; readonly at: string | null };

type LogLine = {
  readonly level?: unknown;
  readonly time?: unknown;
  readonly message?: unknown;
  readonly problems?: unknown;
  readonly part?: unknown;
  readonly reason?: unknown;
  readonly err?: LoggedError;
};
type LoggedError = { readonly message?: unknown; readonly cause?: LoggedError };

/** How Node, V8 and a library say that they cannot go on. */
const CRASH = /^(?:Uncaught )?(\w*Error\b.*|FATAL ERROR: .*)$/;
const longestWords = 400;

/** Finds the latest line by which a process said that it cannot go on: a FATAL line of its log, or what Node prints as it crashes. */
export function lastWordsIn(output: string): LastWords | null {
  const lines = output.split('\n');
  for (const [at, line] of [...lines.entries()].toReversed()) {
    const logged = parseLine(line);
    if (logged?.level === 'fatal') return { words: wordsOf(logged), at: timeOf(logged) };
    const crash = logged === null ? CRASH.exec(line.trim())?.[1] : undefined;
    if (crash !== undefined)
      return { words: maskText(crash).slice(0, longestWords), at: latestTimeIn(lines.slice(0, at)) };
  }
  return null;
}

/** What Node prints bears no time; what was logged before it does. */
function latestTimeIn(lines: readonly string[]): string | null {
  const dated = lines.findLast((line) => typeof parseLine(line)?.time === 'string');
  return timeOf(parseLine(dated ?? '') ?? {});
}

/** Finds the latest ERROR line of a service's log: what a person must look at, though the service goes on. */
export function lastErrorIn(output: string): LastWords | null {
  const logged = output
    .split('\n')
    .map(parseLine)
    .findLast((line) => line?.level === 'error');
  return logged ? { words: wordsOf(logged), at: timeOf(logged) } : null;
}

/** Reads a line of a service's log; null for anything else. */
export function parseLine(line: string): LogLine | null {
  if (!line.startsWith('{')) return null;
  try {
    return JSON.parse(line) as LogLine;
  } catch {
    return null;
  }
}

/** The log has masked what is personal before it wrote the line. */
function wordsOf({ message, problems, part, reason, err }: LogLine): string {
  const where = typeof part === 'string' ? ` (${part})` : '';
  const why = typeof reason === 'string' ? [reason] : chainOf(err);
  const reasons = Array.isArray(problems) ? [problems.map(String).join('; ')] : why;
  return [`${String(message)}${where}`, ...reasons].join(': ').slice(0, longestWords);
}

function timeOf({ time }: LogLine): string | null {
  return typeof time === 'string' ? time : null;
}

/** An error and what caused it; a cause that says the same is left out. */
function chainOf(error: LoggedError | undefined): string[] {
  const words: string[] = [];
  for (let each = error; each !== undefined && words.length < 4; each = each.cause) {
    const text = typeof each.message === 'string' ? each.message.split('\n')[0] : undefined;
    if (text && !words.includes(text)) words.push(text);
  }
  return words;
}
