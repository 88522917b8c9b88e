import type { DeadLetter } from '@bijli/outbox';

/** Writes dead letters for a person: where each came from and why it could not be handled; never what is in it. */
export function printDeadLetters(service: string, letters: readonly DeadLetter[]): string {
  return letters
    .map((letter) =>
      [
        `${service} ${letter.id}  ${letter.reason}: ${letter.detail}`,
        `    ${letter.topic} [${letter.partition}] at ${letter.offset}, key ${letter.key || 'none'}, heard by ${letter.subscription}`,
        `    died ${letter.deaths === 1 ? 'once' : `${letter.deaths} times`}, last ${letter.latestDiedAt.toISOString()}`,
      ].join('\n'),
    )
    .join('\n');
}
