import { describe, expect, test } from '@jest/globals';
import { assertStored } from './assert-stored.ts';

const noon = new Date('2026-01-30T06:30:00Z');
const outage = { id: 'o-1', cause: 'storm', startsAt: noon, nodeIds: ['F-1', 'F-2'], restoredAt: null };

describe('what was stored', () => {
  test('may be what was meant', () => {
    expect(() => assertStored('updateOutage', { ...outage, startsAt: new Date(noon) }, outage)).not.toThrow();
  });

  test.each([
    [{ ...outage, cause: 'accident' }, 'cause'],
    [{ ...outage, startsAt: new Date(0), nodeIds: ['F-1'] }, 'startsAt, nodeIds'],
    [{ ...outage, crew: 'C-7' }, 'crew'],
  ])('is refused where it is not: %j', (meant, fields) => {
    expect(() => assertStored<object>('updateOutage', outage, meant)).toThrow(
      `updateOutage does not store ${fields}: its columns do not list it.`,
    );
  });

  test('is never shown', () => {
    expect(() => assertStored('saveContact', { number: '9876500042' }, { number: '9876500043' })).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('98765') }),
    );
  });
});
