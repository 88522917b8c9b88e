import { expect, test } from '@jest/globals';
import { freeBasePort } from '../start-and-stop.processes.ts';
import { allCases } from './cases/all-cases.ts';
import { playFaults } from './play.ts';
import { linesOf } from './report.ts';

const seed = 20_260_130;
const withinMs = 900_000;

test(
  'the promises hold under the most telling faults',
  async () => {
    const cases = allCases.filter(({ isQuick }) => isQuick);

    const results = await playFaults({ cases, basePort: freeBasePort(), seed, onResult: () => undefined });

    expect(results.filter(({ met }) => !met).map(linesOf)).toEqual([]);
    expect(results).toHaveLength(cases.length);
  },
  withinMs,
);
