import { closeSync, openSync, readSync } from 'node:fs';
import { readSubmit } from '../independent/pdus.ts';
import { templateKeys } from '../independent/texts.ts';

/** A text that came to the SMSC. */
export type Arrival = {
  readonly mobile: string;
  /** Of the approved text: `unplanned`, `estimate`, `restored`, `planned`, `payment` and so on. */
  readonly family: string;
  readonly text: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** What the SMSC answered: 0 it took it, null nothing (the handset may have it), else it refused it. */
  readonly status: number | null;
};

/** The simulator's log of every PDU, read as it grows: what was really sent, whatever the system says of it. */
export type SmscLog = {
  /** How many texts came so far: where a case begins. */
  mark(): number;
  /** What came since a mark, refusals included, in order. */
  since(mark: number): readonly Arrival[];
};

type Line = {
  readonly at: string;
  readonly session: number;
  readonly direction: 'in' | 'out';
  readonly command: string;
  readonly sequence: number;
  readonly status: number;
  readonly pdu: string;
};

const CHUNK_OCTETS = 4_194_304;

/** Opens the log of a simulator; `file` need not be there yet. */
export function openSmscLog(file: string): SmscLog {
  const arrivals: (Arrival & { status: number | null })[] = [];
  const unanswered = new Map<string, Arrival & { status: number | null }>();
  const lines = growingLines(file);
  const familyOf = familiesByTemplate();

  function read(): void {
    for (const text of lines()) {
      const isSubmit = text.includes('"command":"submit_sm"');
      if (!isSubmit && !text.includes('"command":"submit_sm_resp"')) continue;
      const line = JSON.parse(text) as Line;
      const key = `${line.session}/${line.sequence}`;
      if (isSubmit) take(line, key);
      else answer(key, line.status);
    }
  }
  function take(line: Line, key: string): void {
    const part = readSubmit(Buffer.from(line.pdu, 'hex'));
    if (part === null || part.partNo > 1) return;
    const family = familyOf.get(part.templateId) ?? part.templateId;
    const arrival = { mobile: part.mobile, text: part.text, family, at: Date.parse(line.at), status: null };
    arrivals.push(arrival);
    unanswered.set(key, arrival);
  }
  function answer(key: string, status: number): void {
    const asked = unanswered.get(key);
    if (asked !== undefined) asked.status = status;
    unanswered.delete(key);
  }

  return {
    mark: () => {
      read();
      return arrivals.length;
    },
    since: (mark) => {
      read();
      return arrivals.slice(mark);
    },
  };
}

/** Whole lines that were not read before. */
function growingLines(file: string): () => string[] {
  const octets = Buffer.alloc(CHUNK_OCTETS);
  let at = 0;
  let rest = Buffer.alloc(0);
  return () => {
    const found: string[] = [];
    const opened = openSync(file, 'r');
    for (let read = -1; read !== 0; ) {
      read = readSync(opened, octets, 0, CHUNK_OCTETS, at);
      at += read;
      const text = Buffer.concat([rest, octets.subarray(0, read)]);
      const end = text.lastIndexOf(0x0a) + 1;
      if (end > 0) found.push(...text.toString('latin1', 0, end).split('\n').slice(0, -1));
      rest = text.subarray(end);
    }
    closeSync(opened);
    return found;
  };
}

/** The first word of a text's key, by its registered id. */
function familiesByTemplate(): ReadonlyMap<string, string> {
  return new Map([...templateKeys()].map(([id, key]) => [id, key.split('.')[0] ?? key]));
}

/** What reached, or may have reached, its handset. */
export function arrived(arrivals: readonly Arrival[]): readonly Arrival[] {
  return arrivals.filter(({ status }) => status === 0 || status === null);
}

/** How many of these came to each mobile. */
export function timesByMobile(arrivals: readonly Arrival[]): ReadonlyMap<string, number> {
  const times = new Map<string, number>();
  for (const { mobile } of arrivals) times.set(mobile, (times.get(mobile) ?? 0) + 1);
  return times;
}

const SECOND_MS = 1_000;

/** The most texts that came within any second, whenever it began. */
export function mostInASecond(arrivals: readonly Pick<Arrival, 'at'>[]): number {
  let [first, most] = [0, 0];
  for (const [last, { at }] of arrivals.entries()) {
    while ((arrivals[first]?.at ?? at) <= at - SECOND_MS) first += 1;
    most = Math.max(most, last - first + 1);
  }
  return most;
}

/** The longest time in which nothing came between the first and the last of these, milliseconds. */
export function longestSilence(arrivals: readonly Arrival[]): number {
  return arrivals.reduce((most, { at }, n) => Math.max(most, at - (arrivals[n - 1]?.at ?? at)), 0);
}
