import { AsyncLocalStorage } from 'node:async_hooks';
import crypto from 'node:crypto';
import { types } from 'node:util';
import { newId } from '@bijli/units';
import { type Agenda, type Entry, openParty, type Party } from './agenda.ts';
import type { Chance } from './chance.ts';

/** The clocks, timers and chance of this Node process, as the agenda has them. */
export type VirtualTime = {
  /** Runs something as a party: its timers are the party's, and it reads the party's clocks. */
  as<T>(party: Party, work: () => T): T;
  /** What the clock on a wall would show that is right, milliseconds since 1970. */
  wallNow(): number;
  /** Gives the process its own time back. */
  end(): void;
};

/** A civil morning in India; told times are minutes. */
const BEGIN_MS = Date.parse('2026-03-02T03:30:00Z');
const NAMES = ['Date', 'performance', 'setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] as const;
const nobody = openParty('nobody');

type Timer = { entry: Entry; unref(): Timer; ref(): Timer; hasRef(): boolean };

/**
 * Puts time and chance of this process under the agenda until it is ended. What the sockets of PostgreSQL do stays as it is, and so do the
 * timers of those that are no party, as of the simulation itself.
 */
export function beginVirtualTime(agenda: Agenda, chance: Chance): VirtualTime {
  const parties = new AsyncLocalStorage<Party>();
  const own = Object.fromEntries(NAMES.map((name) => [name, Object.getOwnPropertyDescriptor(globalThis, name)]));
  const real = { setTimeout, setInterval, clearTimeout };
  const party = (): Party => parties.getStore() ?? nobody;
  const wallNow = (): number => Math.floor(BEGIN_MS + agenda.now());
  const timer = (entry: Entry): Timer => {
    const made: Timer = { entry, unref: () => made, ref: () => made, hasRef: () => true };
    return made;
  };
  const later = (of: Party, ms: number, happen: () => void): Entry =>
    agenda.add(of, Math.max(1, ms), () => parties.run(of, happen));
  const clear = (made: Timer | NodeJS.Timeout | undefined): void => {
    if (made !== undefined && 'entry' in made) made.entry.isCancelled = true;
    else real.clearTimeout(made);
  };
  const RealDate = Date;
  class VirtualDate extends RealDate {
    constructor(...given: [] | [number | string | Date]) {
      if (given.length === 0) super(wallNow() + party().wallOffMs);
      else super(...(given as [number]));
    }
    static override now(): number {
      return wallNow() + party().wallOffMs;
    }
    static override [Symbol.hasInstance](value: unknown): boolean {
      return types.isDate(value);
    }
  }
  const virtual = {
    Date: VirtualDate,
    performance: { now: () => agenda.now(), timeOrigin: BEGIN_MS, mark: () => undefined, measure: () => undefined },
    setTimeout: (work: (...args: unknown[]) => void, ms = 1, ...args: unknown[]) => {
      const of = parties.getStore();
      return of === undefined ? real.setTimeout(work, ms, ...args) : timer(later(of, ms, () => work(...args)));
    },
    setInterval: (work: (...args: unknown[]) => void, ms = 1, ...args: unknown[]) => {
      const store = parties.getStore();
      if (store === undefined) return real.setInterval(work, ms, ...args);
      const of = store;
      const made = timer(later(of, ms, tick));
      function tick(): void {
        made.entry = later(of, ms, tick);
        work(...args);
      }
      return made;
    },
    clearTimeout: clear,
    clearInterval: clear,
  };
  for (const name of NAMES)
    Object.defineProperty(globalThis, name, { configurable: true, writable: true, value: virtual[name] });
  const endChance = ownChance(chance, party);
  return {
    as: (of, work) => parties.run(of, work),
    wallNow,
    end: () => {
      for (const name of NAMES) {
        const descriptor = own[name];
        if (descriptor !== undefined) Object.defineProperty(globalThis, name, descriptor);
      }
      endChance();
    },
  };
}

/** Ids are made of octets that the system gives many at a time: what is left of them is used up, so that the seed decides all ids. */
function ownChance(chance: Chance, whose: () => Party): () => void {
  const [random, fill] = [Math.random, crypto.randomFillSync];
  const octetsOfIds = chance.fork('ids');
  let poolOfIds: Buffer | null = null;
  const drawn = new Map<Party, Chance>();
  Math.random = () => {
    const party = whose();
    let own = drawn.get(party);
    if (own === undefined) {
      own = chance.fork(party.name);
      drawn.set(party, own);
    }
    return own.next();
  };
  crypto.randomFillSync = ((octets: Buffer) => {
    poolOfIds ??= octets;
    if (octets !== poolOfIds) return octets.fill(0);
    for (let at = 0; at < octets.length; at += 1) octets[at] = Math.floor(octetsOfIds.next() * 256);
    return octets;
  }) as typeof fill;
  while (poolOfIds === null) newId();
  return () => {
    Math.random = random;
    crypto.randomFillSync = fill;
  };
}
