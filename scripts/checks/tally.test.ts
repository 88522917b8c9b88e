import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { tallyOf } from './jest-suites.ts';
import { conclude, sum } from './tally.ts';

const report = { numPassedTests: 5, numFailedTests: 0, numRuntimeErrorTestSuites: 0, success: true };

describe('tallyOf', () => {
  test('counts tests', () => {
    expect(tallyOf({ ...report, numFailedTests: 2, success: false }, false)).toEqual({ passed: 5, failed: 2 });
  });

  test('counts a file that could not run as a failure', () => {
    expect(tallyOf({ ...report, numRuntimeErrorTestSuites: 1, success: false }, false)).toEqual({
      passed: 5,
      failed: 1,
    });
  });

  test('counts a run that failed without a failing test', () => {
    expect(tallyOf(report, false)).toEqual({ passed: 5, failed: 1 });
  });

  test('counts a run without report as a failure', () => {
    expect(tallyOf(null, true)).toEqual({ passed: 0, failed: 1 });
  });
});

describe('conclude', () => {
  const log = { lines: [] as unknown[] };
  const exitCode = process.exitCode;
  beforeEach(() => {
    log.lines = [];
    jest.spyOn(console, 'log').mockImplementation((line) => void log.lines.push(line));
  });
  afterEach(() => {
    jest.restoreAllMocks();
    process.exitCode = exitCode;
  });

  test.each([
    [{ passed: 3, failed: 0 }, 0, '3 passed, 0 failed'],
    [{ passed: 3, failed: 1 }, 1, '3 passed, 1 failed'],
    [{ passed: 0, failed: 0 }, 1, '0 passed, 0 failed'],
  ])('ends %j with exit code %i', (tally, code, line) => {
    conclude(sum([tally, { passed: 0, failed: 0 }]));

    expect(process.exitCode).toBe(code);
    expect(log.lines).toEqual([line]);
  });
});
