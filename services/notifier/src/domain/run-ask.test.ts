import { expect, test } from '@jest/globals';
import { isAnother } from './run-ask.ts';

test.each([
  ['operator-3', 'operator-4', true],
  ['operator-3', 'operator-3', false],
  ['operator-3', ' Operator 3', false],
  ['operator_3', 'OPERATOR.3', false],
  ['\uff53hift', 'shift', false],
  ['शर्मा', 'वर्मा', true],
])('%j asks, %j confirms: another person? %s', (askedBy, confirmedBy, expected) => {
  expect(isAnother({ askedBy }, confirmedBy)).toBe(expected);
});
