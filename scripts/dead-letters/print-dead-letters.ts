import type { DeadLetter } from '@bijli/outbox';
import { maskText } from './mask-text.ts';

/** Writes dead letters for a person: where each came from and why it could not be handled; never what is in it. */
export function printDeadLetters(service: string, letters: readonly DeadLetter[]): string {
  return letters.map((letter) => printDeadLetter(service, letter)).join('\n');
}

/** Writes one of them. */
export function printDeadLetter(service: string, letter: DeadLetter): string {
  const { id, reason, detail, topic, partition, offset, key, subscription, deaths, latestDiedAt, isMasked } = letter;
  return [
    `${service} ${id}  ${reason}: ${detail}`,
    `    ${topic} [${partition}] at ${offset}, key ${maskText(key) || 'none'}, heard by ${subscription}`,
    `    died ${deaths === 1 ? 'once' : `${deaths} times`}, last ${latestDiedAt.toISOString()}`,
    ...(isMasked ? ['    held a number in the open, which was masked: it can only be discarded'] : []),
  ].join('\n');
}
