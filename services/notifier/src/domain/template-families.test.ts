import { describe, expect, test } from '@jest/globals';
import type { OutageFacts } from './plan-run.ts';
import { templateFamilies } from './template-families.ts';

const facts: OutageFacts = {
  outageKind: 'planned',
  cause: 'line-repair',
  startsAt: new Date('2026-01-30T04:30:00Z'),
  estimatedRestorationAt: new Date('2026-01-30T08:30:00Z'),
  restoredAt: null,
};

describe('template families', () => {
  test('of a planned run follow the civil days in India', () => {
    expect(templateFamilies('planned', facts)).toEqual({ untold: 'planned.same-day', told: 'estimate' });
    expect(
      templateFamilies('planned', { ...facts, estimatedRestorationAt: new Date('2026-01-30T18:30:00Z') }).untold,
    ).toBe('planned.multi-day');
    expect(templateFamilies('estimate', { ...facts, outageKind: 'unplanned' })).toEqual({
      untold: 'unplanned',
      told: 'estimate',
    });
  });

  test('of the return of supply are the same for everybody', () => {
    expect(templateFamilies('restored', facts)).toEqual({ untold: 'restored', told: 'restored' });
  });
});
