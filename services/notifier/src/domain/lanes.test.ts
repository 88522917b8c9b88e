import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { divide, type Lane, lanes, noTurns, sentBeyond, type Waiting } from './lanes.ts';

const run = (id: string, lane: Lane, parts: number, isNew = false): Waiting => ({ id, lane, parts, isNew });
function sharesOf(grants: number, grant: number, waiting: () => readonly Waiting[]): Map<string, number> {
  const turns = noTurns();
  const sums = new Map<string, number>();
  for (let n = 0; n < grants; n += 1)
    for (const { id, parts } of divide(grant, waiting(), turns)) sums.set(id, (sums.get(id) ?? 0) + parts);
  return sums;
}

describe('a grant', () => {
  test('goes to safety before all', () => {
    const shares = divide(10, [run('cut', 'unplanned', 100), run('danger', 'safety', 8)], noTurns());

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
    const shares = divide(100, [run('cut', 'unplanned', 3), run('bills', 'bill', 500)], noTurns());

    expect(Object.fromEntries(shares.map(({ id, parts }) => [id, parts]))).toEqual({ cut: 3, bills: 97 });
  });

  test('gives each new run a first turn ahead of those that were served', () => {
    const waiting = [
      run('old', 'unplanned', 1_000),
      ...Array.from({ length: 9 }, (_, n) => run(`new-${n}`, 'unplanned', 500, true)),
    ];

    const shares = new Map(divide(90, waiting, noTurns()).map(({ id, parts }) => [id, parts]));

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
        const shares = divide(grant, runs, noTurns());
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

  test('is shared evenly by the runs of a lane, over many that are smaller than their number', () => {
    const runs = Array.from({ length: 12 }, (_, n) => run(`cut-${n}`, 'unplanned', 1e6));

    const sums = [...sharesOf(30, 4, () => runs).values()];

    expect(sums).toEqual(Array.from({ length: 12 }, () => 10));
  });

  test('goes on with the run that had least, also when others come and go', () => {
    const turns = noTurns();
    const sums = new Map<string, number>();
    for (let n = 0; n < 300; n += 1) {
      // Each second grant one is not ready, and one comes late.
      const ids = ['one', 'two', ...(n % 2 === 0 ? ['now and then'] : []), ...(n >= 150 ? ['late'] : [])];
      for (const { id, parts } of divide(
        1,
        ids.map((id) => run(id, 'bill', 9)),
        turns,
      ))
        sums.set(id, (sums.get(id) ?? 0) + parts);
    }

    const [one = 0, two = 0] = [sums.get('one'), sums.get('two')];
    expect(Math.abs(one - two)).toBeLessThanOrEqual(1);
    expect(sums.get('now and then')).toBeGreaterThan(30);
    expect(sums.get('late')).toBeGreaterThan(30);
    expect(sums.get('late')).toBeLessThan(45);
  });

  test('is smaller for whom was sent more, since a text is not cut: run and lane', () => {
    const turns = noTurns();
    const waiting = [
      run('short', 'bill', 1e6),
      run('long', 'bill', 1e6),
      run('answer', 'complaint', 1e6),
      run('of three', 'planned', 1e6),
    ];
    const partsOf = (id: string) => (id === 'long' || id === 'of three' ? 3 : 1);
    const sums = new Map<string, number>();
    for (let n = 0; n < 3_000; n += 1)
      for (const share of divide(2, waiting, turns)) {
        const sent = Math.ceil(share.parts / partsOf(share.id)) * partsOf(share.id);
        if (sent > share.parts) sentBeyond(share, sent - share.parts, turns);
        sums.set(share.id, (sums.get(share.id) ?? 0) + sent);
      }

    const all = [...sums.values()].reduce((sum, parts) => sum + parts, 0);
    const share = (id: string) => (sums.get(id) ?? 0) / all;
    expect(share('short')).toBeCloseTo(1 / 14, 2);
    expect(share('long')).toBeCloseTo(1 / 14, 2);
    expect(share('answer')).toBeCloseTo(4 / 14, 2);
    expect(share('of three')).toBeCloseTo(8 / 14, 2);
  });

  test('keeps no debt of a lane that was alone', () => {
    const turns = noTurns();
    const bills = run('bills', 'bill', 1e6);
    for (let n = 0; n < 100; n += 1) for (const share of divide(1, [bills], turns)) sentBeyond(share, 2, turns);

    const reminders = run('reminders', 'reminder', 1e6);
    const got = Array.from({ length: 30 }, () => divide(1, [bills, reminders], turns)).flat();
    expect(got.filter(({ id }) => id === 'bills').length).toBe(20);
  });

  test('starves no lane', () => {
    const sums = sharesOf(100, 1, () => lanes.slice(1).map((lane) => run(lane, lane, 10)));

    expect([...sums.keys()].sort()).toEqual(lanes.slice(1).toSorted());
  });
});
