import { describe, test } from '@jest/globals';
import { decideCase } from '@bijli/testing';
import {
  at,
  confirm,
  dropped,
  estimate,
  minutes,
  now,
  open,
  passTime,
  pending,
  reopen,
  report,
  restore,
  restoreNodes,
  restored,
  told,
  unconfirmed,
  untold,
} from '../../test/an-outage.ts';
import { decide } from './decide.ts';
import type { Outage } from './outage.ts';

const outage = decideCase(decide);
const later = minutes(5);
const cut = { ...report, wait: unconfirmed };
const waits = pending({ type: 'OutageReported', reason: 'hold-down' });
const onItsWord = { isConfirmed: false };
const held: Outage = { ...open, version: 0, status: 'unconfirmed', ...onItsWord, pending: [waits] };
const energised = (nodeIds: readonly string[], energisedAt = now) => ({ energisedNodeIds: nodeIds, energisedAt });

describe('a cut that a machine reports', () => {
  test('waits, and nobody is told', () => {
    outage.given(null).when(cut, now).then(untold(held));
    outage.given(held).when(cut, now).then(untold(held));
    outage.given(held).when(passTime, minutes(4.9)).then(untold(held));
  });

  test('is told when it still stands, dated when it was said', () => {
    outage
      .given(held)
      .when(passTime, later)
      .then(told('OutageReported', { ...open, version: 1, ...onItsWord }, { occurredAt: now }));
  });

  test('is told when a person confirms it', () => {
    const due: Outage = {
      ...{ ...held, isConfirmed: true, pending: [{ ...waits, reason: 'confirmed', dueAt: minutes(1) }] },
    };

    outage.given(held).when(confirm(), minutes(1)).then(untold(due));
    outage
      .given(due)
      .when(passTime, minutes(1))
      .then(told('OutageReported', { ...open, version: 1 }, { occurredAt: now }));
  });

  test('is told when a person reports it, as that person says and since the machine did', () => {
    outage
      .given(held)
      .when({ ...report, startedAt: null, cause: 'storm' }, minutes(1))
      .then(told('OutageReported', { ...open, version: 1, cause: 'storm' }, { occurredAt: minutes(1) }));
  });

  test('that is back meanwhile says nothing, whoever says that it is back', () => {
    for (const wait of [{}, { wait: unconfirmed }])
      outage
        .given(held)
        .when(restore(wait), minutes(1))
        .then(untold({ ...dropped, ...onItsWord }));
    outage
      .given(held)
      .when(restoreNodes({ nodeIds: ['F-1'] }), minutes(1))
      .then(untold({ ...dropped, ...onItsWord }));
  });

  test('that is back in part waits for the rest', () => {
    outage
      .given(held)
      .when(restoreNodes({ nodeIds: ['DT-1'], wait: unconfirmed }), minutes(1))
      .then(untold({ ...held, nodeIds: ['DT-2', 'DT-3'], ownNodeIds: ['F-1'] }));
  });

  test('takes another estimate while it waits', () => {
    outage
      .given(held)
      .when(estimate({ estimatedRestorationAt: at(5) }), now)
      .then(untold({ ...held, estimatedRestorationAt: at(5) }));
  });

  test('waits anew when it goes again', () => {
    outage.given(dropped).when(cut, now).then(untold(held));
  });
});

describe('a restoration that a machine reports', () => {
  const back = pending({ type: 'SupplyRestored', reason: 'hold-down', restoredAt: now });
  const waiting: Outage = { ...open, pending: [back] };
  const over: Outage = { ...restored, version: 4 };

  test('waits, and nobody is told', () => {
    outage
      .given(open)
      .when(restore({ wait: unconfirmed }), now)
      .then(untold(waiting));
    outage
      .given(waiting)
      .when(restore({ wait: unconfirmed }), minutes(1))
      .then(untold(waiting));
  });

  test('is told when it still stands, or a person says so: since the machine said it', () => {
    const since = energised(['F-1']);

    outage
      .given(waiting)
      .when(passTime, later)
      .then(told('SupplyRestored', { ...over, ...onItsWord }, since));
    outage
      .given(waiting)
      .when(restore(), minutes(2))
      .then(told('SupplyRestored', over, { ...since, occurredAt: minutes(2) }));
  });

  test('says nothing where supply goes again meanwhile, whoever says so', () => {
    for (const again of [report, cut]) outage.given(waiting).when(again, minutes(1)).then(untold(open));
  });

  test('of some nodes waits, is told and turns back alike', () => {
    const step = pending({ type: 'SupplyPartlyRestored', reason: 'hold-down', nodeIds: ['DT-1'], restoredAt: now });
    const stepping: Outage = { ...open, pending: [step] };
    const stepped: Outage = { ...open, version: 4, nodeIds: ['DT-2', 'DT-3'], ownNodeIds: ['F-1'] };

    outage
      .given(open)
      .when(restoreNodes({ nodeIds: ['DT-1'], wait: unconfirmed }), now)
      .then(untold(stepping));
    outage
      .given(stepping)
      .when(passTime, later)
      .then(told('SupplyPartlyRestored', { ...stepped, ...onItsWord }, energised(['DT-1'])));
    outage
      .given(stepping)
      .when({ ...cut, nodeIds: ['DT-1'] }, minutes(1))
      .then(untold(open));
    outage
      .given(stepping)
      .when(restoreNodes({ nodeIds: ['DT-1'] }), minutes(1))
      .then(told('SupplyPartlyRestored', stepped, { ...energised(['DT-1']), occurredAt: minutes(1) }));
  });
});

describe('a reopening that a machine reports', () => {
  const estimates = { estimatedRestorationAt: at(2), estimateSource: 'control-room' } as const;
  const named = { nodeIds: ['F-1'], cause: 'tree-on-line' } as const;
  const again = pending({
    ...{ type: 'OutageReopened', reason: 'hold-down', ...named, ...estimates },
    ...{ saidAt: minutes(1), takenAt: minutes(1), dueAt: minutes(6) },
  });
  const waiting: Outage = { ...restored, pending: [again] };
  const trips = { ...cut, startedAt: null };

  test('waits, is told when it still stands, and says nothing where supply is back meanwhile', () => {
    const reopened: Outage = { ...open, version: 4 };

    outage.given(restored).when(trips, minutes(1)).then(untold(waiting));
    outage.given(waiting).when(trips, minutes(2)).then(untold(waiting));
    outage
      .given(waiting)
      .when(passTime, minutes(6))
      .then(told('OutageReopened', { ...reopened, ...onItsWord }, { occurredAt: minutes(1) }));
    for (const wait of [{}, { wait: unconfirmed }])
      outage.given(waiting).when(restore(wait), minutes(2)).then(untold(restored));
  });

  test('is told at once when a person says so', () => {
    outage
      .given(waiting)
      .when(reopen(), minutes(2))
      .then(told('OutageReopened', { ...open, version: 4 }, { occurredAt: minutes(2) }));
  });
});

describe('what was told on a machine’s word', () => {
  const machines = { wait: unconfirmed };
  const stood: Outage = { ...open, ...onItsWord };
  const over: Outage = { ...restored, ...onItsWord };
  const step = { nodeIds: ['DT-1'] };
  const stepped: Outage = { ...open, nodeIds: ['DT-2', 'DT-3'], ownNodeIds: ['F-1'] };

  test('stands on a person’s when one says it again, and nobody is told again', () => {
    outage.given(stood).when(report, now).then(untold(open));
    outage.given(stood).when(confirm(), now).then(untold(open));
    outage.given(over).when(restore(), now).then(untold(restored));
    outage.given(over).when(confirm(), now).then(untold(restored));
    outage
      .given({ ...stepped, ...onItsWord })
      .when(restoreNodes(step), now)
      .then(untold(stepped));
  });

  test('is as it was when a machine says it again, whoever said it first', () => {
    for (const given of [stood, open]) outage.given(given).when(cut, now).then(untold(given));
    for (const given of [over, restored]) outage.given(given).when(restore(machines), now).then(untold(given));
    outage
      .given(stepped)
      .when(restoreNodes({ ...step, ...machines }), now)
      .then(untold(stepped));
  });

  test('is a person’s when one says something new of it', () => {
    outage
      .given(stood)
      .when(estimate({ estimatedRestorationAt: at(5) }), now)
      .then(told('RestorationEstimateChanged', { ...open, version: 4, estimatedRestorationAt: at(5) }));
  });
});
