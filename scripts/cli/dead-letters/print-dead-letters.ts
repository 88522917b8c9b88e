import type { DeadLetter } from '@bijli/outbox';
import { maskText } from '@bijli/start/mask-text';

/** Writes dead letters for a person: where each came from and why it could not be handled; never what is in it. */
export function printDeadLetters(service: string, letters: readonly DeadLetter[]): string {
  return letters.map((letter) => printDeadLetter(service, letter)).join('\n');
}

/** Writes one of them. */
export function printDeadLetter(service: string, letter: DeadLetter): string {
  const { id, reason, detail, topic, partition, key, subscription, deaths, latestDiedAt, isMasked, lastOffset } =
    letter;
  return [
    `${service} ${id}  ${reason}: ${detail}`,
    `    ${topic} [${partition}] at ${offsetsOf(letter)}, key ${maskText(key) || 'none'}, heard by ${subscription}`,
    `    died ${deaths === 1 ? 'once' : `${deaths} times`}, last ${latestDiedAt.toISOString()}`,
    ...(isMasked ? ['    held a number in the open, which was masked: it can only be discarded'] : []),
    ...(lastOffset === null ? [] : ['    left in its topic, where a replay reads it again']),
  ].join('\n');
}

const offsetsOf = ({ offset, lastOffset }: DeadLetter): string =>
  lastOffset === null || lastOffset === offset ? String(offset) : `${offset} to ${lastOffset}`;
