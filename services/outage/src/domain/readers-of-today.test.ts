import { describe, expect, test } from '@jest/globals';
import type { OutageEvent } from '@bijli/events';
import {
  announce,
  at,
  begun,
  cancel,
  estimate,
  extend,
  minutes,
  network,
  now,
  open,
  passTime,
  planned,
  reopen,
  report,
  reschedule,
  restore,
  restoreNodes,
  restored,
  start,
  started,
} from '../../test/an-outage.ts';
import type { OutageCommand } from './commands.ts';
import { decide } from './decide.ts';
import { isWithin } from './network.ts';
import type { Outage } from './outage.ts';

// A reader that knows neither the new types nor the new fields plans from the state: it reads kind, status, restoredAt, nodeIds and the
// estimate, and of the type only whether it is the first news. This is such a reader, small: what it says to whom must be true.

type Said = 'will be off' | 'is off' | 'new time' | 'is back';
type Told = ReadonlyMap<string, Date>;

function runKindOf({ restoredAt, status, type, version, kind }: OutageEvent) {
  if (restoredAt !== null) return 'restored';
  if (status !== 'announced' && status !== 'open') return 'ended';
  if (type === 'PlannedOutageAnnounced') return 'planned';
  if (type === 'OutageReported') return 'unplanned';
  return version === 1 && type !== 'RestorationEstimateChanged' ? kind : 'estimate';
}

const THRESHOLD_MS = 30 * 60_000;
const places = ['F-1', 'F-2', 'DT-1', 'DT-2', 'DT-3', 'DT-4'];
const below = (roots: readonly string[]) => places.filter((code) => isWithin(network, code, new Set(roots)));

/** What is said at each place, one connection a node, where some were told a time before. */
function saidOf(event: OutageEvent, told: Told): ReadonlyMap<string, Said> {
  const kind = runKindOf(event);
  if (kind === 'ended') return new Map();
  if (kind === 'restored') return new Map([...told.keys()].map((code) => [code, 'is back']));
  const first = event.kind === 'planned' ? 'will be off' : 'is off';
  return new Map(
    below(event.nodeIds).flatMap((code): [string, Said][] => {
      const before = told.get(code);
      if (before === undefined) return [[code, first]];
      const isMoved = Math.abs(event.estimatedRestorationAt.getTime() - before.getTime()) > THRESHOLD_MS;
      return isMoved ? [[code, 'new time']] : [];
    }),
  );
}

/** What really is without supply after an event, or will be in the window of planned work. */
const offIn = ({ nodeIds, ownNodeIds }: OutageEvent) => new Set([...below(nodeIds), ...ownNodeIds]);

function eventOf(outage: Outage | null, command: OutageCommand, when = now): OutageEvent {
  const decision = decide(outage, command, when);
  const [event] = decision.accepted ? decision.events : [];
  if (event === undefined) throw new Error('nothing was told');
  return event;
}

const everybody = (time: Date, nodes = ['F-1', 'F-2']): Told => new Map(below(nodes).map((code) => [code, time]));
const cut = everybody(at(2), ['F-1']);
const nobody: Told = new Map();
const without1: Outage = { ...open, version: 4, nodeIds: ['DT-2', 'DT-3'], ownNodeIds: ['F-1'] };
const all = (said: Said, nodes: string[]) => new Map(below(nodes).map((code) => [code, said]));

type Row = [what: string, event: OutageEvent, told: Told, kind: string, said: ReadonlyMap<string, Said>];
const rows: Row[] = [
  ['an announcement', eventOf(null, announce), nobody, 'planned', all('will be off', ['F-1', 'F-2'])],
  [
    'a report without some nodes',
    eventOf(null, { ...report, exceptNodeIds: ['DT-1'] }),
    nobody,
    'unplanned',
    all('is off', ['DT-2', 'DT-3']),
  ],
  ['a start by its time', eventOf(begun, passTime), everybody(at(1)), 'estimate', new Map()],
  [
    'a start of which somebody never heard',
    eventOf({ ...planned, startsAt: at(1), estimatedRestorationAt: at(3) }, start()),
    everybody(at(3), ['F-1']),
    'estimate',
    all('will be off', ['F-2']),
  ],
  ['an extension', eventOf(started, extend()), everybody(at(1)), 'estimate', all('new time', ['F-1', 'F-2'])],
  [
    'a window with another end',
    eventOf(planned, reschedule({ startsAt: at(40), endsAt: at(44) })),
    everybody(at(30)),
    'estimate',
    all('new time', ['F-1', 'F-2']),
  ],
  [
    'a window with another start',
    eventOf(planned, reschedule({ startsAt: at(27) })),
    everybody(at(30)),
    'estimate',
    new Map(),
  ],
  ['a cancellation', eventOf(planned, cancel()), everybody(at(30)), 'ended', new Map()],
  [
    'another estimate',
    eventOf(open, estimate({ estimatedRestorationAt: at(4) })),
    cut,
    'estimate',
    all('new time', ['F-1']),
  ],
  ['a step', eventOf(open, restoreNodes({ nodeIds: ['DT-1'] })), cut, 'estimate', new Map()],
  [
    'a step of which somebody never heard',
    eventOf(open, restoreNodes({ nodeIds: ['DT-1'] })),
    nobody,
    'estimate',
    all('is off', ['DT-2', 'DT-3']),
  ],
  [
    'another estimate after a step',
    eventOf(without1, estimate({ estimatedRestorationAt: at(4) })),
    cut,
    'estimate',
    all('new time', ['DT-2', 'DT-3']),
  ],
  ['the last step', eventOf(without1, restoreNodes({ nodeIds: ['F-1'] })), cut, 'restored', all('is back', ['F-1'])],
  ['a restoration', eventOf(without1, restore()), cut, 'restored', all('is back', ['F-1'])],
  ['a reopening', eventOf(restored, reopen(), minutes(5)), nobody, 'estimate', all('is off', ['F-1'])],
];

describe('whoever reads by the rules of today', () => {
  test.each(rows)('understands %s', (_what, event, told, kind, said) => {
    expect(runKindOf(event)).toBe(kind);
    expect(saidOf(event, told)).toEqual(said);
  });

  test.each(rows)('says nothing false of %s', (_what, event, told) => {
    for (const [code, said] of saidOf(event, told)) {
      if (said === 'is back') expect(event.status).toBe('restored');
      else expect(offIn(event)).toContain(code);
      if (said === 'is off') expect(event.startsAt <= event.occurredAt).toBe(true);
    }
  });

  test('meets each type of event here', () => {
    const types = new Set(rows.map(([, { type }]) => type));

    expect(types.size).toBe(10);
  });
});
