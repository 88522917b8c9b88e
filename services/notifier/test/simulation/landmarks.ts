import type { Agenda, Party } from './agenda.ts';

/** Statements after which much is at stake: they are done, and who asked has no answer yet. */
const FIRST_WORDS = {
  hold: /^\s*with free as \(/,
  expansion: /^\s*with recursive (telling|told) as/,
  'write-ahead': /^\s*with live as materialized \(\s+select run_id from run where run_id = any/,
  outcomes: /^\s*with fresh as \(\s+insert into holder/,
  close: /^\s*update chunk set state = 'done'/,
  commit: /^\s*commit/i,
} as const;
const BEAT = /^\s*insert into holder as h \(holder_id, beat, leased_until\) values/;
const SWITCH = /^\s*insert into sending_switch/;
export type Landmark = keyof typeof FIRST_WORDS;
export const landmarks = Object.keys(FIRST_WORDS) as readonly Landmark[];

/** What PostgreSQL was seen doing for whom, and when. */
export type Sightings = {
  /** A statement has run, and had so many rows. */
  ran(party: Party, text: string, rows: number): void;
  /** How often a landmark was reached by a party. */
  reached(party: Party, landmark: Landmark): number;
  /** When something was written ahead, milliseconds. */
  readonly writtenAhead: readonly number[];
  /** When the stop switch was set, milliseconds. */
  readonly switched: readonly number[];
  /** When each party renewed its lease, milliseconds. */
  readonly beats: ReadonlyMap<Party, readonly number[]>;
};

export function openSightings(agenda: Pick<Agenda, 'now'>): Sightings {
  const reached = new Map<string, number>();
  const writtenAhead: number[] = [];
  const switched: number[] = [];
  const beats = new Map<Party, number[]>();
  const nameOf = ({ name }: Party, landmark: Landmark): string => `${name}/${landmark}`;
  return {
    ran: (party, text, rows) => {
      if (isBeat(text)) beats.set(party, [...(beats.get(party) ?? []), agenda.now()]);
      if (SWITCH.test(text)) switched.push(agenda.now());
      const landmark = landmarks.find((one) => FIRST_WORDS[one].test(text));
      // A look that finds nothing to hold is none.
      if (landmark === undefined || (landmark === 'hold' && rows === 0)) return;
      const name = nameOf(party, landmark);
      reached.set(name, (reached.get(name) ?? 0) + 1);
      if (landmark === 'write-ahead' && rows > 0) writtenAhead.push(agenda.now());
    },
    reached: (party, landmark) => reached.get(nameOf(party, landmark)) ?? 0,
    writtenAhead,
    switched,
    beats,
  };
}

/** Whether a statement renews a lease. */
export function isBeat(text: string): boolean {
  return BEAT.test(text);
}
