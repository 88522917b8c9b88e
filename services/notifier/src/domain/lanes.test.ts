import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { divide, type Lane, lanes, noDebts, type Waiting } from './lanes.ts';

const run = (id: string, lane: Lane, parts: number, isNew = false): Waiting => ({ id, lane, parts, isNew });
function sharesOf(grants: number, grant: number, waiting: () => readonly Waiting[]): Map<string, number> {
  const debts = noDebts();
  const sums = new Map<string, number>();
  for (let n = 0; n < grants; n += 1)
    for (const { id, parts } of divide(grant, waiting(), debts)) sums.set(id, (sums.get(id) ?? 0) + parts);
  return sums;
}

describe('a grant', () => {
  test('goes to safety before all', () => {
    const shares = divide(10, [run('cut', 'unplanned', 100), run('danger', 'safety', 8)], noDebts());

    expect(Object.fromEntries(shares.map(({ id, parts }) => [id, parts]))).toEqual({ danger: 8, cut: 2 });
  });

  test('is shared by weight over many small grants', () => {
    const sums = sharesOf(1_000, 7, () => [
      run('cut', 'unplanned', 1e6),
      run('back', 'restored', 1e6),
      run('work', 'planned', 1e6),
      run('bills', 'bill', 1e6),
    ]);

    const share = (id: string) => (sums.get(id) ?? 0) / 7_000;
    expect(share('cut')).toBeCloseTo(32 / 58, 2);
    expect(share('back')).toBeCloseTo(16 / 58, 2);
    expect(share('work')).toBeCloseTo(8 / 58, 2);
    expect(share('bills')).toBeCloseTo(2 / 58, 2);
  });

  test('is used whole by whoever has more, when others have little', () => {
    const shares = divide(100, [run('cut', 'unplanned', 3), run('bills', 'bill', 500)], noDebts());

    expect(Object.fromEntries(shares.map(({ id, parts }) => [id, parts]))).toEqual({ cut: 3, bills: 97 });
  });

  test('gives each new run a first turn ahead of those that were served', () => {
    const waiting = [
      run('old', 'unplanned', 1_000),
      ...Array.from({ length: 9 }, (_, n) => run(`new-${n}`, 'unplanned', 500, true)),
    ];

    const shares = new Map(divide(90, waiting, noDebts()).map(({ id, parts }) => [id, parts]));

    expect([...shares].filter(([id]) => id !== 'old').every(([, parts]) => parts === 10)).toBe(true);
    expect(shares.get('old')).toBeUndefined();
  });

  test('is never exceeded, never wasted, and gives nobody more than it has', () => {
    const waiting = fc.array(
      fc.record({ lane: fc.constantFrom(...lanes), parts: fc.integer({ min: 0, max: 50 }), isNew: fc.boolean() }),
      { maxLength: 30 },
    );
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 200 }), waiting, (grant, some) => {
        const runs = some.map((one, n) => ({ ...one, id: `${n}` }));
        const shares = divide(grant, runs, noDebts());
        const sum = shares.reduce((total, { parts }) => total + parts, 0);
        expect(sum).toBe(
          Math.min(
            grant,
            runs.reduce((total, { parts }) => total + parts, 0),
          ),
        );
        for (const { id, parts } of shares) expect(parts).toBeLessThanOrEqual(runs[Number(id)]?.parts ?? 0);
      }),
    );
  });

  test('starves no lane', () => {
    const sums = sharesOf(100, 1, () => lanes.slice(1).map((lane) => run(lane, lane, 10)));

    expect([...sums.keys()].sort()).toEqual(lanes.slice(1).toSorted());
  });
});
