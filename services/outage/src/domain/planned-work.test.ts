import { describe, test } from '@jest/globals';
import { decideCase } from '@bijli/testing';
import {
  announce,
  announceApproved,
  approve,
  approved,
  at,
  begun,
  cancel,
  cancelled,
  draft,
  draftWork,
  dropped,
  extend,
  minutes,
  now,
  passTime,
  pending,
  planned,
  reschedule,
  restored,
  start,
  started,
  told,
  undo,
  undoable,
  untold,
} from '../../test/an-outage.ts';
import { decide } from './decide.ts';
import type { Outage } from './outage.ts';

const outage = decideCase(decide);
const later = new Date(now.getTime() + undoable.ms);
const undone = { ...dropped, ...planned, version: 0, status: 'dropped' } as const satisfies Outage;

describe('planned work', () => {
  test('is drafted and approved, and nobody is told', () => {
    outage.given(null).when(draftWork(), now).then(untold(draft));
    outage.given(draft).when(approve(), now).then(untold(approved));
  });

  test('is announced from its approval, with its nodes as the network is then', () => {
    const opened = { nodeIds: ['F-1', 'F-2'], exceptNodeIds: ['DT-4'] };

    outage
      .given({ ...approved, opened, nodeIds: ['F-1'], ownNodeIds: ['F-2'] })
      .when(announceApproved(), now)
      .then(
        told('PlannedOutageAnnounced', {
          ...{ ...approved, opened, version: 1, status: 'announced', nodeIds: ['F-1'], ownNodeIds: ['F-2'] },
        }),
      );
  });

  test('is dropped as a draft, as an approved one, and nobody is told', () => {
    for (const given of [draft, approved])
      outage
        .given(given)
        .when(cancel(), now)
        .then(untold({ ...given, status: 'dropped' }));
  });

  test('starts since a person says so', () => {
    const soon = { ...planned, startsAt: at(1), estimatedRestorationAt: at(3) };

    outage
      .given(soon)
      .when(start({ startedAt: minutes(-5) }), now)
      .then(told('PlannedWorkStarted', { ...soon, version: 2, status: 'open', startsAt: minutes(-5) }));
    outage
      .given(soon)
      .when(start(), now)
      .then(told('PlannedWorkStarted', { ...soon, version: 2, status: 'open', startsAt: now }));
  });

  test('starts by its time, dated by it, also where nobody looked for days', () => {
    outage
      .given(begun)
      .when(passTime, now)
      .then(told('PlannedWorkStarted', { ...begun, version: 2, status: 'open' }, { occurredAt: begun.startsAt }));
    const days = { ...begun, startsAt: at(-72), estimatedRestorationAt: at(-70) };
    outage
      .given(days)
      .when(passTime, now)
      .then(told('PlannedWorkStarted', { ...days, version: 2, status: 'open' }, { occurredAt: days.startsAt }));
  });

  test('does not start before its time, twice, or where it is cancelled', () => {
    for (const given of [planned, started, cancelled, draft, approved, restored])
      outage.given(given).when(passTime, now).then(untold(given));
  });

  test('moves as a whole, or its end alone', () => {
    const window = { startsAt: at(40), endsAt: at(44) };

    outage
      .given(planned)
      .when(reschedule(window), now)
      .then(
        told('PlannedWorkRescheduled', {
          ...{ ...planned, version: 2, startsAt: at(40), estimatedRestorationAt: at(44) },
        }),
      );
    outage
      .given(planned)
      .when(reschedule({ endsAt: at(29), estimateSource: 'crew' }), now)
      .then(
        told('PlannedWorkRescheduled', {
          ...{ ...planned, version: 2, estimatedRestorationAt: at(29), estimateSource: 'crew' },
        }),
      );
  });

  test('stays as it is where its window is said again', () => {
    outage
      .given(planned)
      .when(reschedule({ startsAt: at(26), endsAt: at(30) }), now)
      .then(untold(planned));
    outage
      .given(started)
      .when(extend({ endsAt: at(1) }), now)
      .then(untold(started));
  });

  test('is extended when it has started', () => {
    outage
      .given(started)
      .when(extend(), now)
      .then(told('PlannedWorkExtended', { ...started, version: 3, estimatedRestorationAt: at(2) }));
  });

  test('is cancelled before it starts', () => {
    outage.given(planned).when(cancel(), now).then(told('PlannedWorkCancelled', cancelled));
  });
});

describe('a change that can be undone', () => {
  const announcing = pending({ type: 'PlannedOutageAnnounced', reason: 'undo-window' });
  const cancelling = pending({ type: 'PlannedWorkCancelled', reason: 'undo-window' });
  const moved = { startsAt: at(40), estimatedRestorationAt: at(44), estimateSource: 'control-room' } as const;
  const moving = pending({ type: 'PlannedWorkRescheduled', reason: 'undo-window', ...moved });
  const direct: Outage = { ...planned, version: 0, status: 'approved', pending: [announcing] };

  test('waits, and nobody is told', () => {
    outage
      .given(null)
      .when({ ...announce, wait: undoable }, now)
      .then(untold(direct));
    outage
      .given(approved)
      .when(announceApproved({ wait: undoable }), now)
      .then(untold({ ...approved, pending: [announcing] }));
    outage
      .given(planned)
      .when(cancel({ wait: undoable }), now)
      .then(untold({ ...planned, pending: [cancelling] }));
    outage
      .given(planned)
      .when(reschedule({ startsAt: at(40), endsAt: at(44), wait: undoable }), now)
      .then(untold({ ...planned, pending: [moving] }));
  });

  test('is told when its time is over, dated when it was said', () => {
    const waited = { occurredAt: now };

    outage.given(direct).when(passTime, minutes(0.1)).then(untold(direct));
    outage
      .given(direct)
      .when(passTime, later)
      .then(told('PlannedOutageAnnounced', planned, waited));
    outage
      .given({ ...planned, pending: [cancelling] })
      .when(passTime, later)
      .then(told('PlannedWorkCancelled', cancelled, waited));
    outage
      .given({ ...planned, pending: [moving] })
      .when(passTime, later)
      .then(told('PlannedWorkRescheduled', { ...planned, version: 2, ...moved }, waited));
  });

  test('is told as it could be when it was said, however late that is', () => {
    outage
      .given({ ...planned, pending: [cancelling] })
      .when(passTime, at(100))
      .then(told('PlannedWorkCancelled', cancelled, { occurredAt: now }));
  });

  test('lets work wait whose time comes meanwhile', () => {
    const given = { ...planned, startsAt: minutes(0.05), pending: [cancelling] };

    outage.given(given).when(passTime, minutes(0.1)).then(untold(given));
    outage
      .given(given)
      .when(passTime, later)
      .then(told('PlannedWorkCancelled', { ...cancelled, startsAt: minutes(0.05) }));
  });

  test('is let go where something else made it impossible', () => {
    outage
      .given({ ...started, pending: [cancelling] })
      .when(passTime, later)
      .then(untold(started));
  });

  test('is taken back, and is as before', () => {
    outage.given(direct).when(undo(), now).then(untold(undone));
    outage
      .given({ ...approved, pending: [announcing] })
      .when(undo(), now)
      .then(untold(approved));
    for (const each of [cancelling, moving])
      outage
        .given({ ...planned, pending: [each] })
        .when(undo(), now)
        .then(untold(planned));
  });

  test('does not wait where it is not of that kind', () => {
    outage
      .given(started)
      .when(extend({ wait: undoable }), now)
      .then(told('PlannedWorkExtended', { ...started, version: 3, estimatedRestorationAt: at(2) }));
  });
});
