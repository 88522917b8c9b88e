import { describe, expect, test } from '@jest/globals';
import type { OutageEvent } from '@bijli/events';
import fc from 'fast-check';
import {
  announce,
  announceApproved,
  approve,
  cancel,
  confirm,
  draftWork,
  estimate,
  extend,
  network,
  passTime,
  reopen,
  report,
  reschedule,
  restore,
  restoreNodes,
  start,
  undo,
  undoable,
  unconfirmed,
} from '../../test/an-outage.ts';
import type { OutageCommand } from './commands.ts';
import { decide } from './decide.ts';
import { MAX_ESTIMATE_MS, MAX_NODES, MAX_WINDOW_MS } from './limits.ts';
import { isWithin } from './network.ts';
import { type OffNodes, sizeOf } from './off-nodes.ts';
import type { Outage } from './outage.ts';
import { isTold } from './tell.ts';

const HOUR_MS = 3_600_000;
const begin = Date.UTC(2026, 0, 30, 8);
const quarters = (from: number, to: number) => fc.integer({ min: from * 4, max: to * 4 }).map((count) => count / 4);
const hours = fc.oneof({ weight: 3, arbitrary: quarters(-1, 8) }, { weight: 1, arbitrary: quarters(-40, 200) });
const ahead = quarters(1, 12);
const codes = ['S-1', 'F-1', 'F-2', 'DT-1', 'DT-2', 'DT-3', 'DT-4'];
const some = fc.uniqueArray(fc.constantFrom(...codes), { minLength: 1, maxLength: 3 });
const few = fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: some });
const basedOn = fc.option(fc.integer({ min: 1, max: 6 }), { freq: 8 }).map((seen) => seen ?? null);

/** A command told relative to the moment at which it comes, so that most of them make sense. */
type At = (now: Date) => OutageCommand;
const relative = (now: Date, by: number) => new Date(now.getTime() + by * HOUR_MS);
const perhaps = (now: Date, by: number | null) => (by === null ? null : relative(now, by));
const waiting = <Wait>(wait: Wait) => fc.boolean().map((waits) => (waits ? { wait } : {}));

const window = fc.record({ startsIn: ahead, lasts: quarters(0, 25) });
const opening = fc.oneof(
  fc.tuple(window, waiting(undoable)).map(
    ([{ startsIn, lasts }, wait]): At =>
      (now) => {
        const startsAt = relative(now, startsIn);
        return { ...announce, startsAt, endsAt: relative(startsAt, lasts), ...wait };
      },
  ),
  window.map(
    ({ startsIn, lasts }): At =>
      (now) => {
        const startsAt = relative(now, startsIn);
        return draftWork({ startsAt, endsAt: relative(startsAt, lasts) });
      },
  ),
  fc.tuple(some, few, fc.option(quarters(-2, 0)), fc.option(ahead), waiting(unconfirmed)).map(
    ([nodeIds, exceptNodeIds, since, until, wait]): At =>
      (now) => ({
        ...{ ...report, nodeIds, exceptNodeIds, ...wait },
        ...{ startedAt: perhaps(now, since), estimatedRestorationAt: perhaps(now, until) },
      }),
  ),
);
const same = fc.oneof({ weight: 2, arbitrary: fc.constant(['F-1']) }, { weight: 1, arbitrary: some });
const changing = fc.oneof(
  fc.constantFrom('Ravi Kumar', 'asha verma').map(
    (approvedBy): At =>
      () =>
        approve({ approvedBy }),
  ),
  waiting(undoable).map(
    (wait): At =>
      () =>
        announceApproved(wait),
  ),
  fc.tuple(fc.option(quarters(-2, 0)), basedOn).map(
    ([since, seen]): At =>
      (now) =>
        start({ startedAt: perhaps(now, since), basedOn: seen }),
  ),
  fc.tuple(fc.option(ahead), fc.option(ahead), waiting(undoable)).map(
    ([from, to, wait]): At =>
      (now) =>
        reschedule({ startsAt: perhaps(now, from), endsAt: perhaps(now, to), ...wait }),
  ),
  hours.map(
    (by): At =>
      (now) =>
        extend({ endsAt: relative(now, by) }),
  ),
  waiting(undoable).map(
    (wait): At =>
      () =>
        cancel(wait),
  ),
  fc.tuple(hours, basedOn, waiting(undoable)).map(
    ([by, seen, wait]): At =>
      (now) =>
        estimate({ estimatedRestorationAt: relative(now, by), basedOn: seen, ...wait }),
  ),
  fc.tuple(fc.option(quarters(-1, 0)), waiting(unconfirmed)).map(
    ([since, wait]): At =>
      (now) =>
        restore({ restoredAt: perhaps(now, since), ...wait }),
  ),
  fc.tuple(few, few, waiting(unconfirmed)).map(
    ([nodeIds, exceptNodeIds, wait]): At =>
      () =>
        restoreNodes({ nodeIds, exceptNodeIds, ...wait }),
  ),
  fc.tuple(same, waiting(unconfirmed)).map(
    ([nodeIds, wait]): At =>
      () => ({
        ...{ ...report, nodeIds, startedAt: null, estimatedRestorationAt: null, ...wait },
      }),
  ),
  waiting(unconfirmed).map(
    (wait): At =>
      () =>
        reopen(wait),
  ),
  fc.constant<At>(() => confirm()),
  fc.constant<At>(() => undo()),
  fc.constant<At>(() => passTime),
);
const afterMs = fc.oneof(
  fc.constantFrom(0, 1_000, undoable.ms, 60_000, unconfirmed.ms),
  fc.integer({ min: 0, max: 12 }).map((count) => count * HOUR_MS),
);
type Step = { readonly afterMs: number; readonly command: At };
const steps = fc
  .tuple(opening, fc.array(fc.record({ afterMs, command: fc.oneof(changing, changing, opening) }), { maxLength: 30 }))
  .map(([first, rest]): Step[] => [{ afterMs: 0, command: first }, ...rest]);

/** What hangs on each node directly and is off: the truth that the few codes stand for. */
const offIn = (nodes: OffNodes): Set<string> =>
  new Set(codes.filter((code) => nodes.ownNodeIds.includes(code) || isWithin(network, code, new Set(nodes.nodeIds))));
const below = (roots: readonly string[]): Set<string> =>
  new Set(codes.filter((code) => isWithin(network, code, new Set(roots))));

/** Whatever was accepted, these hold afterwards. */
function expectPossible(outage: Outage, now: Date): void {
  const { kind, status, version, startsAt, estimatedRestorationAt, restoredAt, pending } = outage;
  expect(isTold(status)).toBe(version > 0);
  expect(status === 'restored').toBe(restoredAt !== null);
  expect(sizeOf(outage)).toBeGreaterThan(0);
  expect(sizeOf(outage)).toBeLessThanOrEqual(MAX_NODES);
  if (status === 'cancelled' || status === 'dropped') expect(pending).toEqual([]);
  if (kind === 'planned') {
    expect(estimatedRestorationAt > startsAt).toBe(true);
    expect(estimatedRestorationAt.getTime() - startsAt.getTime()).toBeLessThanOrEqual(MAX_WINDOW_MS);
    if (status === 'approved' && outage.draftedBy !== null) expect(outage.approvedBy).toBe('Ravi Kumar');
  } else {
    expect(['unconfirmed', 'dropped', 'open', 'restored']).toContain(status);
    expect(startsAt <= now).toBe(true);
    expect(estimatedRestorationAt.getTime() - now.getTime()).toBeLessThanOrEqual(MAX_ESTIMATE_MS);
  }
  if (restoredAt !== null) {
    expect(restoredAt >= startsAt).toBe(true);
    expect(restoredAt <= now).toBe(true);
  }
}

/** The event tells the state, and the state is what the events before it and this one say. */
function expectTold(event: OutageEvent, after: Outage, before: Outage | null): void {
  const { id: aggregateId, opened, draftedBy, approvedBy, isConfirmed, pending, ...state } = after;
  expect(event).toMatchObject({ aggregateId, ...state });
  expect(event.version).toBe((before?.version ?? 0) + 1);
  expect(event.energisedNodeIds.length > 0).toBe(/Restored$/.test(event.type));
  if (event.type === 'SupplyRestored') expect(offIn(event)).toEqual(offIn(before ?? event));
  if (event.type === 'SupplyPartlyRestored') {
    const back = below(event.energisedNodeIds);
    const was = offIn(before ?? event);
    const is = offIn(event);
    expect([...is].every((code) => was.has(code))).toBe(true);
    expect(is.size).toBeLessThan(was.size);
    expect([...was].filter((code) => !is.has(code)).every((code) => back.has(code))).toBe(true);
  }
}

type Played = { readonly outage: Outage | null; readonly types: readonly string[] };

function play(sequence: readonly Step[]): Played {
  let outage: Outage | null = null;
  let now = new Date(begin);
  const types: string[] = [];
  for (const { afterMs: ms, command } of sequence) {
    now = new Date(now.getTime() + ms);
    const before: Outage | null = outage;
    const decision = decide(before, command(now), now);
    if (!decision.accepted) continue;
    outage = decision.state;
    expectPossible(outage, now);
    const [event, ...more] = decision.events;
    expect(more).toEqual([]);
    if (event === undefined) expect(outage.version).toBe(before?.version ?? 0);
    else expectTold(event, outage, before);
    types.push(...decision.events.map(({ type }) => type));
  }
  return { outage, types };
}

describe('decide, as a model', () => {
  test('no sequence of commands ends in an impossible outage, and versions have no gaps', () => {
    fc.assert(
      fc.property(steps, (sequence) => void play(sequence)),
      { numRuns: 300 },
    );
  });

  test('whatever waits comes to an end by itself', () => {
    const day: Step[] = Array.from({ length: 8 }, () => ({ afterMs: 24 * HOUR_MS, command: () => passTime }));

    fc.assert(
      fc.property(steps, (sequence) => {
        const { outage } = play([...sequence, ...day]);
        expect(outage?.pending ?? []).toEqual([]);
        expect(outage?.status).not.toBe('announced');
      }),
      { numRuns: 150 },
    );
  });

  test('what is undone at once was never said', () => {
    const atOnce: Step = { afterMs: 0, command: () => undo() };

    fc.assert(
      fc.property(steps, (sequence) => {
        const before = play(sequence);
        const withUndo = play([...sequence, { afterMs: 0, command: () => cancel({ wait: undoable }) }, atOnce]);
        if (before.outage?.status === 'announced' && before.outage.pending.length === 0)
          expect(withUndo).toEqual(before);
      }),
      { numRuns: 300 },
    );
  });

  test('the sequences reach every type of event and every end', () => {
    const played = fc.sample(steps, { numRuns: 1_500, seed: 1 }).map(play);
    const ends = new Set(played.map(({ outage }) => `${outage?.kind} ${outage?.status}`));

    expect(new Set(played.flatMap(({ types }) => types)).size).toBe(10);
    expect([...ends]).toEqual(
      expect.arrayContaining([
        ...['planned restored', 'unplanned restored', 'planned announced', 'unplanned open', 'planned open'],
        ...['planned cancelled', 'planned dropped', 'unplanned dropped', 'planned draft', 'planned approved'],
      ]),
    );
  });
});
