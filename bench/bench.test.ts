import { describe, expect, test } from '@jest/globals';
import { figureOf, percentile, ratiosOf, spreadOf } from './figures.ts';
import { readOptions } from './options.ts';
import { budgetTable, jsonOf, markdownOf, tableOf } from './report.ts';
import { within } from './within.ts';
import { withFindings } from './write-docs.ts';

describe('options of the bench', () => {
  test('are short by themselves, long with --full, and each can be told', () => {
    expect(readOptions([])).toMatchObject({ isFull: false, connections: 12_000, rounds: 3, jsonFile: null });
    expect(readOptions(['--full'])).toMatchObject({ isFull: true, connections: 462_000, rounds: 5 });
    expect(
      readOptions(['--connections', '6000', '--rounds', '1', '--port', '34000', '--json', 'a.json']),
    ).toMatchObject({ connections: 6_000, rounds: 1, port: 34_000, jsonFile: 'a.json' });
  });

  test('name goals in their order, whatever the order in which they are asked for', () => {
    expect(readOptions(['--only', 'g10,G1']).goals).toEqual(['G1', 'G10']);
    expect(readOptions([]).goals).toHaveLength(16);
  });

  test.each([
    [['--only', 'G17'], 'there is no goal G17'],
    [['--rounds', '0'], 'a whole number above 0'],
    [['--connections', '1e3.5'], 'a whole number above 0'],
    [['--json'], '--json wants a value'],
    [['--fast'], 'does not know --fast'],
  ])('refuse %j', (args, message) => {
    expect(() => readOptions(args)).toThrow(message);
  });
});

describe('figures', () => {
  test('are the least, the median and the most', () => {
    expect(spreadOf([3, 1, 2])).toEqual({ min: 1, median: 2, max: 3 });
    expect(spreadOf([4, 1, 2, 3])).toEqual({ min: 1, median: 2.5, max: 4 });
    expect(() => spreadOf([])).toThrow('no values');
  });

  test('have percentiles that are values', () => {
    const hundred = Array.from({ length: 100 }, (_, n) => 100 - n);
    expect([percentile(hundred, 0.99), percentile(hundred, 0.5), percentile([7], 0.99)]).toEqual([99, 50, 7]);
  });

  test('are divided pair by pair, not median by median', () => {
    expect(spreadOf(ratiosOf([10, 1, 100], [20, 1, 400])).median).toBe(0.5);
    expect(() => ratiosOf([1], [])).toThrow('partner');
  });

  const asked = { goal: 'G1', what: 'ours ÷ bare', target: 0.35, sense: 'at least', unit: '×' } as const;

  test.each([
    ['met at its target', asked, [0.35], true],
    ['missed below it', asked, [0.34, 0.2], false],
    ['missed above the most that is good', { ...asked, sense: 'at most' } as const, [0.36], false],
    ['judged by its median', asked, [0.1, 0.4, 0.5], true],
    ['not judged where the run cannot say', { ...asked, undecided: 'too small' }, [0.4], null],
  ])('are %s', (_, goal, values, met) => {
    expect(figureOf(goal, values).met).toBe(met);
  });

  test('are never made up', () => {
    expect(() => figureOf(asked, [NaN])).toThrow('no measurement');
  });
});

describe('what a bench prints', () => {
  const machine = {
    ...{ cores: 2, model: 'of paper', memoryGigabytes: 8, node: 'v24.0.0', measuredAt: '2026-11-30T09:00:00.000Z' },
    ...{ form: 'quick', connections: 12_000, rounds: 3, loadBefore: 0.1, busyShare: 0.9, usedByOthers: 0.31 },
    ...{ isQuiet: false, frozenPrograms: {}, postgres: null },
  };
  const findings = {
    figures: [
      figureOf({ goal: 'G1', what: 'ours ÷ bare', target: 0.35, sense: 'at least', unit: '×' }, [0.41234, 0.5, 0.3]),
    ],
    missing: [{ goal: 'G9', why: 'it takes\nhours' }],
    budget: [{ stage: 'PostgreSQL: expand', microseconds: 27.04, budget: 9 }],
    tables: [{ title: 'Texts by class', head: ['class', 'texts'], rows: [['restored', '12']] }],
    machine,
    details: {},
  } as const;

  test('is JSON of one shape', () => {
    expect(JSON.parse(jsonOf(findings))).toEqual({
      goals: [
        {
          ...{ goal: 'G1', what: 'ours ÷ bare', median: 0.412, min: 0.3, max: 0.5, target: 0.35 },
          ...{ sense: 'at least', unit: '×', met: true, n: 3, note: null, error: null },
        },
        {
          ...{ goal: 'G9', what: 'failed to run', median: null, min: null, max: null, target: null },
          ...{ sense: null, unit: null, met: false, n: 0, note: null, error: 'it takes\nhours' },
        },
      ],
      budget: [{ stage: 'PostgreSQL: expand', microseconds: 27.04, budget: 9 }],
      tables: findings.tables,
      machine,
      details: {},
    });
  });

  test('names what failed to run, as not met', () => {
    expect(tableOf(findings)).toContain('0.3 / 0.412 / 0.5');
    expect(tableOf(findings)).toMatch(/^G9 +failed to run +0 +MISSED$/m);
    expect(tableOf(findings)).toContain('G9 failed to run: it takes\nhours');
    expect(markdownOf(findings)).toContain('| G9 | failed to run |  | 0 |  |  | MISSED | it takes hours |');
  });

  test('stands in the page between its marks, with the conditions under which it was taken', () => {
    const page = 'Before.\n\n<!-- what the bench measured -->\n\nOld.\n\n<!-- until here -->\nAfter.\n';
    const written = withFindings(page, findings);
    expect(written).toMatch(/^Before\.[\s\S]*After\.\n$/);
    expect(written).not.toContain('Old.');
    expect(written).toContain('12000 connections, 3 rounds, on 2 cores. **Others on the machine used 31 % of them');
    expect(written).toContain('| PostgreSQL: expand | 27.0 | 9 |');
    expect(written).toContain('Texts by class:\n\n| class | texts |\n| --- | --- |\n| restored | 12 |');
    expect(withFindings(written, { ...findings, machine: { ...machine, isQuiet: true } })).not.toContain('**');
    expect(() => withFindings('Nothing.', findings)).toThrow('has no');
  });

  test('has what a text costs, line by line', () => {
    expect(budgetTable(findings.budget)).toMatch(/^PostgreSQL: expand +27\.0 +9$/m);
  });
});

describe('a wait', () => {
  test('gives what was awaited', async () => {
    await expect(within(9, 'it', Promise.resolve(7))).resolves.toBe(7);
  });

  test('has an end, and says so', async () => {
    let isEnded = false;
    await expect(within(0.01, 'it', new Promise(() => undefined), () => (isEnded = true))).rejects.toThrow(
      'it took more than 0.01 s',
    );
    expect(isEnded).toBe(true);
  });
});
