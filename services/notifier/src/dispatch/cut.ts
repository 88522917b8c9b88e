import { divide, type Lane, laneOf, sentBeyond, type Turns, type Waiting } from '../domain/lanes.ts';
import type { ClaimedChunk } from '../store/chunks/claimed-chunk.ts';
import type { Breakers } from './breakers.ts';
import { type Again, endOfTurn, type HeldChunk, hasMore, type Message } from './held-chunk.ts';

/** What of one chunk is handed to the link at once. */
export type Slice = {
  readonly held: HeldChunk;
  /** Where the cursor is after it. */
  readonly cursor: number;
  readonly fresh: readonly Message[];
  readonly again: readonly Again[];
  readonly parts: number;
};

/** What waits in the chunks of this process, by run. */
export function waitingRuns(
  chunks: readonly HeldChunk[],
  now: number,
  served: ReadonlySet<string>,
): { readonly runs: readonly Waiting[]; readonly parts: number } {
  const runs = new Map<string, Waiting>();
  for (const held of chunks) {
    const parts = partsReady(held, now);
    if (parts === 0) continue;
    const { id, lane } = turnOf(held);
    const known = runs.get(id);
    runs.set(id, { id, lane, parts: (known?.parts ?? 0) + parts, isNew: !served.has(held.chunk.runId) });
  }
  return { runs: [...runs.values()], parts: [...runs.values()].reduce((sum, { parts }) => sum + parts, 0) };
}

/**
 * Names whose turn a chunk has. Those of a cut who were told nothing yet go in the lane of new cuts, however often it is told anew; those who
 * were told of it, in that of its changes.
 */
function turnOf({ chunk, cursor, neverTold }: HeldChunk): { readonly id: string; readonly lane: Lane } {
  const lane = laneNow(chunk, cursor < neverTold);
  return { id: `${chunk.runId} ${lane}`, lane };
}
function laneNow({ kind, lane, facts, plannedAt, hasUntold }: ClaimedChunk, isUntold: boolean): Lane {
  const isOfCut = kind === 'unplanned' || (kind === 'estimate' && facts.startsAt <= plannedAt);
  return isOfCut && hasUntold ? (isUntold ? 'unplanned' : 'restored') : laneOf(lane);
}

/** About so many parts are worth looking ahead for. */
const LOOK_AHEAD_MESSAGES = 2_000;

const mayBeCut = ({ state, resumesAt, textsHoldUntil }: HeldChunk, now: number): boolean =>
  state === 'ready' && resumesAt <= now && textsHoldUntil > now;

function partsReady(held: HeldChunk, now: number): number {
  if (!mayBeCut(held, now) || !hasMore(held)) return 0;
  let parts = 0;
  for (const again of held.again) if (again.notBefore <= now) parts += partsOf(again);
  const from = held.cursor - held.loadedAbove;
  const to = Math.min(endOfTurn(held) - held.loadedAbove, from + LOOK_AHEAD_MESSAGES);
  for (let at = from; at < to; at += 1) parts += held.messages[at]?.text.parts.length ?? 0;
  return Math.max(parts, held.cursor < endOfTurn(held) ? 1 : 0);
}

/** Parts that still have to go. */
function partsOf({ message, begun }: Again): number {
  return begun === null ? message.text.parts.length : begun.ids.filter((id) => id === null).length;
}

/**
 * Cuts a grant of parts into slices: by lane and run (domain/lanes.ts), of a run first what came back, then the chunk that was begun first. A
 * breaker that is open lets nothing of its template pass, and a probe when it is time.
 */
export function cut(
  chunks: readonly HeldChunk[],
  grant: { readonly parts: number; readonly messages: number },
  { runs, turns, breakers, now }: { runs: readonly Waiting[]; turns: Turns; breakers: Breakers; now: number },
): Slice[] {
  const slices: Slice[] = [];
  let messages = grant.messages;
  for (const share of divide(grant.parts, runs, turns)) {
    let rest = share.parts;
    for (const held of chunks) {
      if (turnOf(held).id !== share.id || !mayBeCut(held, now) || rest <= 0 || messages <= 0) continue;
      const slice = cutChunk(held, { parts: rest, messages }, breakers, now);
      if (slice === null) continue;
      slices.push(slice);
      rest -= slice.parts;
      messages -= slice.fresh.length + slice.again.length;
    }
    if (rest < 0) sentBeyond(share, -rest, turns);
  }
  return slices;
}

/** Never less than one message, though it has more parts than were granted: the next grants are smaller for it. */
function cutChunk(
  held: HeldChunk,
  most: { readonly parts: number; readonly messages: number },
  breakers: Breakers,
  now: number,
): Slice | null {
  const [fresh, again]: [Message[], Again[]] = [[], []];
  let parts = 0;
  const room = new Map<string, number>();
  const mayPass = ({ text }: Message): boolean => {
    const left = room.get(text.dltTemplateId) ?? breakers.passes(text.dltTemplateId);
    room.set(text.dltTemplateId, left - 1);
    return left > 0;
  };
  const hasRoom = (of: number) =>
    fresh.length + again.length < most.messages && (parts === 0 || parts + of <= most.parts);
  for (const one of held.again) {
    if (one.notBefore > now) continue;
    const of = partsOf(one);
    if (!hasRoom(of)) break;
    if (!mayPass(one.message)) continue;
    again.push(one);
    parts += of;
  }
  let cursor = held.cursor;
  for (; cursor < endOfTurn(held); cursor += 1) {
    const message = held.messages[cursor - held.loadedAbove];
    if (message === null || message === undefined) continue;
    if (!hasRoom(message.text.parts.length) || !mayPass(message)) break;
    fresh.push(message);
    parts += message.text.parts.length;
  }
  if (cursor === held.cursor && again.length === 0) return null;
  return { held, cursor, fresh, again, parts };
}
