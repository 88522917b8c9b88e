import { describe, test } from '@jest/globals';
import { decideCase } from '@bijli/testing';
import {
  begun,
  minutes,
  now,
  open,
  reopen,
  report,
  restore,
  restoreNodes,
  restored,
  told,
} from '../../test/an-outage.ts';
import { decide } from './decide.ts';
import type { Outage } from './outage.ts';

const outage = decideCase(decide);
const without1: Outage = { ...open, version: 4, nodeIds: ['DT-2', 'DT-3'], ownNodeIds: ['F-1'] };
const energised = (energisedNodeIds: readonly string[], energisedAt = now) => ({ energisedNodeIds, energisedAt });

describe('a cut', () => {
  test('is reported without some nodes below', () => {
    const opened = { nodeIds: ['F-1'], exceptNodeIds: ['DT-1'] };

    outage
      .given(null)
      .when({ ...report, exceptNodeIds: ['DT-1'] }, now)
      .then(told('OutageReported', { ...without1, version: 1, opened }));
  });
});

describe('supply', () => {
  test('comes back node by node', () => {
    outage
      .given(open)
      .when(restoreNodes({ nodeIds: ['DT-1'], restoredAt: minutes(-5) }), now)
      .then(told('SupplyPartlyRestored', without1, energised(['DT-1'], minutes(-5))));
    outage
      .given(without1)
      .when(restoreNodes({ nodeIds: ['DT-2', 'DT-3'] }), now)
      .then(told('SupplyPartlyRestored', { ...without1, version: 5, nodeIds: [] }, energised(['DT-2', 'DT-3'])));
  });

  test('comes back at some nodes of work whose start nobody has noticed yet: it has started', () => {
    const left: Outage = {
      ...begun,
      version: 2,
      status: 'open',
      nodeIds: ['F-2', 'DT-2', 'DT-3'],
      ownNodeIds: ['F-1'],
    };

    outage
      .given(begun)
      .when(restoreNodes({ nodeIds: ['DT-1'] }), now)
      .then(told('SupplyPartlyRestored', left, energised(['DT-1'])));
  });

  test('comes back everywhere but at some nodes', () => {
    const but = { ...open, version: 4, nodeIds: ['DT-2'] };

    outage
      .given(open)
      .when(restoreNodes({ nodeIds: ['F-1'], exceptNodeIds: ['DT-2'] }), now)
      .then(told('SupplyPartlyRestored', but, energised(['F-1'])));
    outage
      .given(open)
      .when(restoreNodes({ exceptNodeIds: ['DT-2'] }), now)
      .then(told('SupplyPartlyRestored', but, energised(['F-1'])));
  });

  test('is back with the step that leaves nothing; its nodes are what came back with it', () => {
    outage
      .given(without1)
      .when(restoreNodes({ nodeIds: ['F-1'] }), now)
      .then(
        told('SupplyRestored', { ...without1, version: 5, status: 'restored', restoredAt: now }, energised(['F-1'])),
      );
  });

  test('is back as a whole, whatever came back before', () => {
    outage
      .given(without1)
      .when(restore(), now)
      .then(
        told(
          'SupplyRestored',
          { ...without1, version: 5, status: 'restored', restoredAt: now },
          energised(['DT-2', 'DT-3', 'F-1']),
        ),
      );
  });
});

describe('an outage whose supply goes again within 10 minutes', () => {
  const soon = minutes(10);
  const usual = { estimatedRestorationAt: minutes(190), estimateSource: 'cause-default' } as const;
  const again: Outage = { ...open, version: 4, restoredAt: null };
  const at10 = { occurredAt: soon };

  test('is opened again by a report, with its cause and estimate', () => {
    const cut = { ...report, cause: 'storm', startedAt: null, estimatedRestorationAt: minutes(60) } as const;

    outage
      .given(restored)
      .when(cut, soon)
      .then(told('OutageReopened', { ...again, cause: 'storm', estimatedRestorationAt: minutes(60) }, at10));
    outage
      .given(restored)
      .when({ ...cut, cause: 'tree-on-line', estimatedRestorationAt: null }, soon)
      .then(told('OutageReopened', { ...again, ...usual }, at10));
  });

  test('is opened again by a person, with the estimate of before while that is to come', () => {
    outage
      .given(restored)
      .when(reopen(), soon)
      .then(told('OutageReopened', again, at10));
    const late = { ...restored, estimatedRestorationAt: minutes(1) };
    outage
      .given(late)
      .when(reopen(), soon)
      .then(told('OutageReopened', { ...again, ...usual }, at10));
  });

  test('is opened again where it was off last, or as it was reported first', () => {
    const stepped: Outage = { ...without1, version: 5, status: 'restored', restoredAt: now };
    const rest = { ...report, nodeIds: ['F-1'], exceptNodeIds: ['DT-1'], startedAt: null };
    const opened = { nodeIds: ['F-1'], exceptNodeIds: ['DT-1'] };

    outage
      .given(stepped)
      .when(rest, soon)
      .then(told('OutageReopened', { ...without1, version: 6, opened }, at10));
    outage
      .given(stepped)
      .when({ ...report, startedAt: null }, soon)
      .then(told('OutageReopened', { ...open, version: 6 }, at10));
  });

  test('is another one after that', () => {
    outage
      .given(restored)
      .when({ ...report, startedAt: null }, minutes(10.01))
      .then({ accepted: false, code: 'restored-too-long-ago' });
  });
});
