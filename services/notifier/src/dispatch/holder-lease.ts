import { type Database, isTransientError } from '@bijli/postgres';
import { withoutSpans } from '@bijli/tracing';
import { beat, findHolders, forgetHolders, type HolderSign, LEASE_SECONDS } from '../store/chunks/beat.ts';

/** The lease of this process on all the chunks that it holds. */
export type HolderLease = {
  readonly holderId: string;
  /** Says for the first time that this process lives; it holds nothing before. */
  begin(): Promise<void>;
  /** Whether anything may be written to a socket now. */
  mayWrite(): boolean;
  /** Holders that are known to be gone: their chunks are free. */
  dead(): readonly string[];
  end(): Promise<void>;
};

const BEAT_EVERY_MS = 10_000;
const LOOK_EVERY_MS = 2_000;
/** Nothing is written in the last part of a lease: what the socket has taken leaves within it. */
const MARGIN_MS = 5_000;
/** A holder whose lease is past on the database's clock is gone when it stood still for so long on ours; or, whatever that clock says, for so long. */
const STILL_MS = { past: 12_000, whateverTheClock: LEASE_SECONDS * 1_000 };

/** What keeping a lease needs. */
export type HolderLeaseInput = {
  readonly db: Database;
  readonly holderId: string;
  /** Cuts the links at once, also what the kernel still holds. */
  readonly onLost: () => void;
  readonly onError: (error: unknown) => void;
  /** Monotonic milliseconds. */
  readonly now?: () => number;
};

/**
 * Keeps the lease of a process: one row, renewed on connections of its own. It ends by our own monotonic clock, read before each renewal
 * leaves; a timer of its own cuts the links when it does.
 */
export function holderLease({
  db,
  holderId,
  onLost,
  onError,
  now = () => performance.now(),
}: HolderLeaseInput): HolderLease {
  let leaseUntil = Number.NEGATIVE_INFINITY;
  let isOver = false;
  let watchdog: NodeJS.Timeout | undefined;
  const timers: NodeJS.Timeout[] = [];
  const signs = new Map<string, { beat: string; isPast: boolean; since: number }>();

  const renew = async (): Promise<void> => {
    const at = now();
    await withoutSpans(() => beat(db, holderId));
    leaseUntil = at + LEASE_SECONDS * 1_000;
    clearTimeout(watchdog);
    if (!isOver) watchdog = setTimeout(onLost, leaseUntil - MARGIN_MS - now()).unref();
  };
  const look = async (): Promise<void> => {
    const found = await withoutSpans(() => findHolders(db));
    for (const sign of found) note(sign);
    const there = new Set(found.map((sign) => sign.holderId));
    for (const id of signs.keys()) if (!there.has(id)) signs.delete(id);
    const gone = dead();
    if (gone.length > 0) await withoutSpans(() => forgetHolders(db, gone));
  };
  const note = ({ holderId: id, beat: latest, isPast }: HolderSign): void => {
    if (id === holderId) return;
    const known = signs.get(id);
    if (known?.beat === latest) known.isPast = isPast;
    else signs.set(id, { beat: latest, isPast, since: now() });
  };
  const dead = (): string[] =>
    [...signs]
      .filter(([, { isPast, since }]) => now() - since >= (isPast ? STILL_MS.past : STILL_MS.whateverTheClock))
      .map(([id]) => id);
  const tell = (error: unknown): void => {
    if (!isOver || !isTransientError(error)) onError(error);
  };

  return {
    holderId,
    begin: async () => {
      await renew();
      timers.push(setInterval(() => void renew().catch(tell), BEAT_EVERY_MS));
      timers.push(setInterval(() => void look().catch(tell), LOOK_EVERY_MS));
    },
    mayWrite: () => now() < leaseUntil - MARGIN_MS,
    dead,
    end: async () => {
      isOver = true;
      for (const timer of timers) clearInterval(timer);
      clearTimeout(watchdog);
      await withoutSpans(() => forgetHolders(db, [holderId])).catch(tell);
    },
  };
}
