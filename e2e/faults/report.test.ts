import { expect, test } from '@jest/globals';
import { addTo, reliabilityPage, type Report } from './report.ts';

const cut = { fault: 'a cut', promise: 'P3', seen: '2 told', met: true, seconds: 4 };
const kill = { fault: 'a kill', promise: 'P4', seen: '1 | repeats', met: false, seconds: 9 };
const report = (...faults: Report['faults']): Report => ({ faults, seed: 7, machine: '2 cores' });

test('a fault that is played again takes the place of what was seen before, others come after', () => {
  const again = { ...cut, seen: '3 told' };

  expect(addTo(null, report(cut))).toEqual(report(cut));
  expect(addTo(report(cut), report(kill, again))).toEqual(report(again, kill));
});

test('the page says what was seen, and what was not met', () => {
  const page = reliabilityPage(report(cut, kill), [cut.fault, kill.fault, 'a case that nobody played']);

  expect(page).toContain('seed 7, 2 cores');
  expect(page).toContain('1 of 2 faults met their promise.');
  expect(page).toContain('| a cut | P3 | 2 told | yes |\n| a kill | P4 | 1 \\| repeats | **no** |');
  expect(page).toContain('Cases that were not played for this report: a case that nobody played.');
});
