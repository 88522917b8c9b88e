import type { Random } from '@bijli/start/town/random';
import type { FaultSystem } from './system.ts';

/** What was seen, in words, and whether it is what was promised. */
export type Finding = { readonly what: string; readonly isSo: boolean };

/** What a fault did. */
export type Seen = { readonly seen: string; readonly met: boolean };

/** A fault, and the promise that must hold under it. */
export type FaultCase = {
  readonly name: string;
  /** Numbers of docs/reliability.md. */
  readonly promise: string;
  /** Whether it is played in `npm test` too. */
  readonly isQuick: boolean;
  play(system: FaultSystem, random: Random): Promise<Seen>;
};

/** Makes a finding of a number that must not be above another. */
export function atMost(label: string, value: number, most: number, unit = ''): Finding {
  return { what: `${value}${unit} ${label}${most === 0 ? '' : ` (at most ${most}${unit})`}`, isSo: value <= most };
}

/** Makes a finding of a number that must be another. */
export function exactly(label: string, value: number, wanted: number): Finding {
  const isSo = value === wanted;
  return { what: `${value} ${label}${isSo ? '' : ` (${wanted} expected)`}`, isSo };
}

/** Makes a finding that is told and decides nothing. */
export function told(what: string): Finding {
  return { what, isSo: true };
}

/** Sums up findings; those that are not as promised stand in capitals. */
export function sumUp(findings: readonly Finding[]): Seen {
  const texts = findings.map(({ what, isSo }) => (isSo ? what : `NOT AS PROMISED: ${what}`));
  return { seen: texts.join('; '), met: findings.every(({ isSo }) => isSo) };
}
