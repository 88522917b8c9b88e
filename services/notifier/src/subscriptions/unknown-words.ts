import { metric, type Component } from '@bijli/loop';
import type { Logger } from '@bijli/service';

/** Hears of events whose type or status is not known. */
export type OnUnknown = (aggregate: string, words: readonly string[]) => void;

/** What may be in a log line, and how many kinds of events are named there. */
const MAX_WORD_LENGTH = 40;
const MOST_NAMED = 100;

/**
 * Makes the component that counts events in words which this release does not know, and names each kind of them once in the log.
 * They are planned from their state; a newer release tells more of them.
 */
export function unknownWords(log: Logger): Component & { onUnknown: OnUnknown } {
  const named = new Set<string>();
  let count = 0;
  return {
    name: 'unknown-words',
    onUnknown: (aggregate, words) => {
      count += 1;
      const cut = words.map((word) => word.slice(0, MAX_WORD_LENGTH));
      const kind = [aggregate, ...cut].join(' ');
      if (named.has(kind) || named.size >= MOST_NAMED) return;
      named.add(kind);
      log.warn({ aggregate, words: cut }, 'events of a kind that is not known are planned from their state');
    },
    start: () => Promise.resolve(),
    stop: () => Promise.resolve(),
    metrics: () => [
      metric('bijli_notifier_unknown_events_total', 'Events in words that this release does not know', count),
    ],
  };
}

/** Tells of an event when one of its fields has a value that its schema does not list. */
export function tellUnknown<E>(
  event: E,
  known: { readonly [Field in keyof E]?: readonly string[] },
  tell: (words: readonly string[]) => void,
): void {
  const fields = Object.keys(known) as (keyof E)[];
  const words = fields.map((field) => String(event[field]));
  if (fields.some((field, n) => known[field]?.includes(words[n] ?? '') === false)) tell(words);
}
