import { setTimeout as wait } from 'node:timers/promises';
import {
  type DeadLetter,
  type DeadLetterFilter,
  discardDeadLetter,
  getDeadLetter,
  listDeadLetters,
  replayDeadLetter,
} from '@bijli/outbox';
import { type Database, withTransaction } from '@bijli/postgres';

/** What somebody decides, and of which; an empty filter means all that wait. */
export type Decision = {
  readonly action: 'replay' | 'discard';
  readonly filter: DeadLetterFilter;
  readonly who: string;
  readonly isDryRun: boolean;
};

/** More than anybody reads; what is left is decided by the next call. */
const MOST = 10_000;

/**
 * What was decided, or would be; those that were meant and cannot be replayed, at all or yet; and whether more are meant than one call
 * decides.
 */
export type Decided = {
  readonly decided: DeadLetter[];
  readonly masked: DeadLetter[];
  readonly behind: DeadLetter[];
  readonly isMore: boolean;
};

/** How long is waited for what stands before a letter in its partition to be read, and how often it is looked at. */
const PATIENCE_MS = 60_000;
const LOOK_EVERY_MS = 500;

/**
 * Replays or discards dead letters, each in a transaction of its own, and writes down who decided. What somebody else decided meanwhile is
 * not among the decided. Those of one partition are replayed in the order of their offsets: one that stands behind a batch that is read from
 * its topic again waits until that is done, for `patienceMs` at most.
 */
export async function decideDeadLetters(
  db: Database,
  { action, filter, who, isDryRun }: Decision,
  { patienceMs = PATIENCE_MS, most = MOST }: { patienceMs?: number; most?: number } = {},
): Promise<Decided> {
  const found = await listDeadLetters(db, { ...filter, limit: most + 1 });
  const isMore = found.length > most;
  const meant = found.slice(0, most);
  const masked = action === 'replay' ? meant.filter(({ isMasked }) => isMasked) : [];
  const possible = meant.filter((letter) => !masked.includes(letter));
  if (isDryRun) {
    const behind = action === 'replay' ? possible.filter(isHeldUp) : [];
    return { decided: possible.filter((letter) => !behind.includes(letter)), masked, behind, isMore };
  }
  const decide = (letter: DeadLetter): Promise<boolean> =>
    withTransaction(db, (tx) => (action === 'replay' ? replayDeadLetter : discardDeadLetter)(tx, letter.id, who));
  const decided: DeadLetter[] = [];
  let behind = possible.toSorted(byPlace);
  // Nobody has to read anything before it is let go.
  if (action === 'discard') {
    for (const letter of behind) if (await decide(letter)) decided.push(letter);
    return { decided, masked, behind: [], isMore };
  }
  for (const deadline = Date.now() + patienceMs; ; await wait(LOOK_EVERY_MS)) {
    const round = await decideInOrder(db, behind, decide);
    decided.push(...round.decided);
    behind = round.behind;
    if (behind.length === 0 || Date.now() >= deadline) return { decided, masked, behind, isMore };
  }
}

/** Decides about each; when one of a partition has to wait, so has all that stands behind it there. */
async function decideInOrder(
  db: Database,
  letters: readonly DeadLetter[],
  decide: (letter: DeadLetter) => Promise<boolean>,
): Promise<{ decided: DeadLetter[]; behind: DeadLetter[] }> {
  const decided: DeadLetter[] = [];
  const behind: DeadLetter[] = [];
  const held = new Set<string>();
  for (const letter of letters) {
    const place = placeOf(letter);
    if (!held.has(place) && (await decide(letter))) decided.push(letter);
    else if (held.has(place) || (await isStillHeldUp(db, letter.id))) {
      held.add(place);
      behind.push(letter);
    }
  }
  return { decided, behind };
}

/** Whether it still waits, for what stands before it; what somebody else decided meanwhile does not. */
async function isStillHeldUp(db: Database, id: string): Promise<boolean> {
  const letter = await getDeadLetter(db, id);
  return letter?.state === 'waiting' && isHeldUp(letter);
}

const isHeldUp = ({ isBehind, lastOffset }: DeadLetter): boolean => isBehind && lastOffset === null;

function placeOf({ subscription, topic, partition }: DeadLetter): string {
  return `${subscription} ${topic} ${partition}`;
}

function byPlace(one: DeadLetter, other: DeadLetter): number {
  return placeOf(one).localeCompare(placeOf(other)) || Number(one.offset - other.offset);
}
