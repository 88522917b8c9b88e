import { expect, test } from '@jest/globals';
import { MAX_ESTIMATE_MS, MAX_NODES, MAX_NOTICE_MS, MAX_REPORT_AGE_MS, MAX_WINDOW_MS } from './limits.ts';
import { refusalWords } from './refusal-words.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

test('a refusal says what is wrong with the request, with the limits that are checked', () => {
  expect(refusalWords['duplicate-node']).toBe('A node is listed twice');
  expect(refusalWords['restored-before-start']).toBe('restoredAt is before startsAt');
  expect(refusalWords['node-count']).toBe(`Give 1 to ${MAX_NODES.toLocaleString('en-IN')} nodes`);
  expect(refusalWords['starts-too-far-ahead']).toContain(`more than ${MAX_NOTICE_MS / DAY_MS} days`);
  expect(refusalWords['window-too-long']).toContain(`more than ${MAX_WINDOW_MS / HOUR_MS} hours`);
  expect(refusalWords['started-too-long-ago']).toContain(`more than ${MAX_REPORT_AGE_MS / HOUR_MS} hours`);
  expect(refusalWords['estimate-too-far-ahead']).toContain(`more than ${MAX_ESTIMATE_MS / DAY_MS} days`);
});
