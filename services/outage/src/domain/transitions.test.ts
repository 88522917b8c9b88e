import { expect, test } from '@jest/globals';
import {
  announce,
  announceApproved,
  approve,
  approved,
  at,
  begun,
  cancel,
  cancelled,
  confirm,
  draft,
  dropped,
  estimate,
  extend,
  minutes,
  now,
  open,
  passTime,
  pending,
  planned,
  reopen,
  report,
  reschedule,
  restore,
  restored,
  restoreNodes,
  start,
  started,
  undo,
} from '../../test/an-outage.ts';
import type { OutageCommand } from './commands.ts';
import { decide } from './decide.ts';
import type { Outage } from './outage.ts';

const held: Outage = {
  ...{ ...open, version: 0, status: 'unconfirmed', isConfirmed: false },
  pending: [pending({ type: 'OutageReported', reason: 'hold-down' })],
};
const states: Record<string, Outage | null> = {
  'nothing yet': null,
  draft,
  approved,
  announced: { ...planned, startsAt: minutes(30), estimatedRestorationAt: at(4) },
  'announced, its time come': begun,
  started,
  cancelled,
  'restored work': { ...started, status: 'restored', restoredAt: now },
  unconfirmed: held,
  dropped,
  open,
  restored,
};
const commands: Record<string, OutageCommand> = {
  announce,
  approve: approve(),
  'announce approved': announceApproved(),
  start: start(),
  reschedule: reschedule({ startsAt: at(2), endsAt: at(5) }),
  extend: extend({ endsAt: at(5) }),
  cancel: cancel(),
  report,
  'report of a machine': { ...report, wait: { reason: 'hold-down', ms: 1, traceparent: null } },
  estimate: estimate({ estimatedRestorationAt: at(5) }),
  restore: restore(),
  step: restoreNodes({ nodeIds: ['DT-1'] }),
  reopen: reopen(),
  confirm: confirm(),
  undo: undo(),
  'time passes': passTime,
};

/** The event that is told; `(status)` where nobody is told and something changed, `(nothing)` where nothing did; else the refusal. */
function outcomeOf(state: Outage | null, command: OutageCommand): string {
  const decision = decide(state, command, now);
  if (!decision.accepted) return decision.code;
  const [event] = decision.events;
  if (event !== undefined) return event.type;
  return decision.state === state ? '(nothing)' : `(${decision.state.status})`;
}

/** What each command comes to, and in which states. Every pair of the two stands here once. */
const outcomes: Record<string, Record<string, readonly string[]>> = {
  announce: {
    PlannedOutageAnnounced: ['nothing yet'],
    'already-exists': [
      'draft',
      'approved',
      'announced',
      'announced, its time come',
      'started',
      'cancelled',
      'restored work',
      'unconfirmed',
      'dropped',
      'open',
      'restored',
    ],
  },
  approve: {
    'no-such-outage': ['nothing yet'],
    '(approved)': ['draft'],
    'not-a-draft': ['approved', 'announced', 'announced, its time come', 'started'],
    'already-cancelled': ['cancelled'],
    'already-restored': ['restored work'],
    'not-planned': ['unconfirmed', 'dropped', 'open', 'restored'],
  },
  'announce approved': {
    'no-such-outage': ['nothing yet'],
    'not-approved': ['draft', 'announced', 'announced, its time come', 'started'],
    PlannedOutageAnnounced: ['approved'],
    'already-cancelled': ['cancelled'],
    'already-restored': ['restored work'],
    'not-planned': ['unconfirmed', 'dropped', 'open', 'restored'],
  },
  start: {
    'no-such-outage': ['nothing yet'],
    'not-announced': ['draft', 'approved'],
    PlannedWorkStarted: ['announced', 'announced, its time come'],
    'already-begun': ['started'],
    'already-cancelled': ['cancelled'],
    'already-restored': ['restored work'],
    'not-planned': ['unconfirmed', 'dropped', 'open', 'restored'],
  },
  reschedule: {
    'no-such-outage': ['nothing yet'],
    'not-announced': ['draft', 'approved'],
    PlannedWorkRescheduled: ['announced'],
    'already-begun': ['announced, its time come', 'started'],
    'already-cancelled': ['cancelled'],
    'already-restored': ['restored work'],
    'not-planned': ['unconfirmed', 'dropped', 'open', 'restored'],
  },
  extend: {
    'no-such-outage': ['nothing yet'],
    'not-begun': ['draft', 'approved', 'announced', 'announced, its time come'],
    PlannedWorkExtended: ['started'],
    'already-cancelled': ['cancelled'],
    'already-restored': ['restored work'],
    'not-planned': ['unconfirmed', 'dropped', 'open', 'restored'],
  },
  cancel: {
    'no-such-outage': ['nothing yet'],
    '(dropped)': ['draft', 'approved'],
    PlannedWorkCancelled: ['announced'],
    'already-begun': ['announced, its time come', 'started'],
    'already-cancelled': ['cancelled'],
    'already-restored': ['restored work'],
    'not-planned': ['unconfirmed', 'dropped', 'open', 'restored'],
  },
  report: {
    OutageReported: ['nothing yet', 'unconfirmed', 'dropped'],
    'already-exists': [
      'draft',
      'approved',
      'announced',
      'announced, its time come',
      'started',
      'cancelled',
      'restored work',
      'open',
    ],
    OutageReopened: ['restored'],
  },
  'report of a machine': {
    '(unconfirmed)': ['nothing yet', 'dropped'],
    'already-exists': [
      'draft',
      'approved',
      'announced',
      'announced, its time come',
      'started',
      'cancelled',
      'restored work',
    ],
    '(nothing)': ['unconfirmed', 'open'],
    '(restored)': ['restored'],
  },
  estimate: {
    'no-such-outage': ['nothing yet'],
    'not-announced': ['draft', 'approved'],
    PlannedWorkRescheduled: ['announced', 'announced, its time come'],
    PlannedWorkExtended: ['started'],
    'already-cancelled': ['cancelled'],
    'already-restored': ['restored work', 'restored'],
    '(unconfirmed)': ['unconfirmed'],
    'already-dropped': ['dropped'],
    RestorationEstimateChanged: ['open'],
  },
  restore: {
    'no-such-outage': ['nothing yet'],
    'not-announced': ['draft', 'approved'],
    'not-begun': ['announced'],
    SupplyRestored: ['announced, its time come', 'started', 'open'],
    'already-cancelled': ['cancelled'],
    'already-restored': ['restored work', 'restored'],
    '(dropped)': ['unconfirmed'],
    'already-dropped': ['dropped'],
  },
  step: {
    'no-such-outage': ['nothing yet'],
    'not-announced': ['draft', 'approved'],
    'not-begun': ['announced'],
    SupplyPartlyRestored: ['announced, its time come', 'started', 'open'],
    'already-cancelled': ['cancelled'],
    'already-restored': ['restored work', 'restored'],
    '(unconfirmed)': ['unconfirmed'],
    'already-dropped': ['dropped'],
  },
  reopen: {
    'no-such-outage': ['nothing yet'],
    'not-restored': ['draft', 'approved', 'announced', 'announced, its time come', 'started', 'unconfirmed', 'open'],
    'already-cancelled': ['cancelled'],
    OutageReopened: ['restored work', 'restored'],
    'already-dropped': ['dropped'],
  },
  confirm: {
    'no-such-outage': ['nothing yet'],
    'nothing-to-confirm': [
      'draft',
      'approved',
      'announced',
      'announced, its time come',
      'started',
      'cancelled',
      'restored work',
      'dropped',
      'open',
      'restored',
    ],
    '(unconfirmed)': ['unconfirmed'],
  },
  undo: {
    'no-such-outage': ['nothing yet'],
    'nothing-to-undo': [
      'draft',
      'approved',
      'announced',
      'announced, its time come',
      'started',
      'cancelled',
      'restored work',
      'unconfirmed',
      'dropped',
      'open',
      'restored',
    ],
  },
  'time passes': {
    'no-such-outage': ['nothing yet'],
    '(nothing)': [
      'draft',
      'approved',
      'announced',
      'started',
      'cancelled',
      'restored work',
      'unconfirmed',
      'dropped',
      'open',
      'restored',
    ],
    PlannedWorkStarted: ['announced, its time come'],
  },
};

const rows = Object.entries(outcomes).flatMap(([command, byOutcome]) =>
  Object.entries(byOutcome).flatMap(([outcome, given]) => given.map((state) => [command, state, outcome] as const)),
);

test.each(rows)('%s, given %s: %s', (command, state, outcome) => {
  const meant = commands[command];

  expect(meant === undefined ? 'no such command' : outcomeOf(states[state] ?? null, meant)).toBe(outcome);
});

test('every command stands here with every state', () => {
  expect(rows).toHaveLength(Object.keys(commands).length * Object.keys(states).length);
  expect(new Set(rows.map(([command, state]) => `${command}, ${state}`)).size).toBe(rows.length);
  expect(new Set(rows.map(([, state]) => state))).toEqual(new Set(Object.keys(states)));
});
