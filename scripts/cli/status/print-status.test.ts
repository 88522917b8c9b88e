import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { countsIn } from './gather-status.ts';
import { printStatus } from './print-status.ts';
import { type ProgramStatus, type Status, troublesOf } from './status.ts';

const at = '2026-01-30T20:35:00.000Z';
const program = (name: string, port: number): ProgramStatus => ({
  name,
  port,
  state: 'ready',
  details: {},
  log: `/srv/bijli/.data/logs/${name}.log`,
  lastFatal: null,
  lastError: null,
});
const well: Status = {
  at,
  dataFolder: '/srv/bijli/.data',
  programs: ['consumer-registry', 'outage', 'billing', 'complaint', 'notifier'].map((name, n) =>
    program(name, 18_001 + n),
  ),
  sending: {
    isStopped: false,
    reason: 'mended',
    changedBy: 'shift-2',
    changedAt: '2026-01-30T08:35:00.000Z',
    link: { isUp: true, since: '2026-01-29T23:10:02.000Z', problem: null },
    openRuns: 0,
    waitingContacts: 0,
    heldRuns: 0,
    refusedRuns: 0,
  },
  deadLetters: [],
  deadLettersUnknown: [],
};

/** What an operator may find at night: all of it at once. */
const night: Status = {
  ...well,
  programs: [
    ...well.programs.slice(0, 2),
    {
      ...program('billing', 18_003),
      state: 'down',
      lastFatal: { words: 'settings are wrong: PORT: is not a port from 0 to 65535', at: '2026-01-30T20:34:51.000Z' },
    },
    ...well.programs.slice(3, 4),
    {
      ...program('notifier', 18_005),
      lastError: {
        words: 'SMPP link is down, will be opened again: bind refused: ESME_RINVPASWD',
        at: '2026-01-30T20:34:02.000Z',
      },
    },
  ],
  sending: {
    ...(well.sending as NonNullable<Status['sending']>),
    link: { isUp: false, since: '2026-01-30T19:58:41.000Z', problem: 'transceiver: bind refused: ESME_RINVPASWD' },
    openRuns: 2,
    waitingContacts: 1_135,
    heldRuns: 1,
  },
  deadLetters: [{ service: 'outage', subscription: 'control-room', waiting: 3 }],
  deadLettersUnknown: ['billing'],
};

describe('the screen of npm run status', () => {
  test('is the one that scripts/README.md shows', () => {
    const readme = readFileSync(join(__dirname, '../../README.md'), 'utf8');

    expect(readme).toContain(`\`\`\`\n${printStatus(night)}\n\`\`\``);
  });

  test('says that all is well when it is', () => {
    expect(troublesOf(well)).toEqual([]);
    expect(printStatus(well)).toMatch(/All is well\.$/);
  });

  test('names everything that somebody has to look at', () => {
    expect(troublesOf(night)).toEqual([
      'billing is down',
      'notifier has logged an error',
      'the SMPP link is down',
      'held runs: 1',
      'dead letters: 3',
      'billing does not say how many dead letters it has',
    ]);
    const stopped = { ...night.sending, isStopped: true, refusedRuns: 2 } as Status['sending'];
    expect(troublesOf({ ...night, sending: stopped })).toContain('sending is stopped');
    expect(troublesOf({ ...night, sending: stopped })).toContain('refused runs: 2');
  });

  test('a service that ended a moment ago is looked at, though it is back', () => {
    const lastFatal = { words: 'listen EADDRINUSE', at: '2026-01-30T20:34:14.000Z' };
    const back = { ...well, programs: [{ ...program('billing', 18_003), lastFatal }] };

    expect(troublesOf(back)).toEqual(['billing ended a while ago and was started again']);
  });

  test('says nothing of dead letters that nobody counted', () => {
    const unknown = { ...well, deadLettersUnknown: ['outage'] };

    expect(printStatus(unknown)).toContain('  dead letters       outage does not say\n');
    expect(troublesOf(unknown)).toEqual(['outage does not say how many dead letters it has']);
  });

  test('an error of yesterday is shown, and is nothing to look at now', () => {
    const lastError = { words: 'run held', at: '2026-01-29T20:34:02.000Z' };
    const yesterday = { ...well, programs: [{ ...program('notifier', 18_005), lastError }] };

    expect(troublesOf(yesterday)).toEqual([]);
    expect(printStatus(yesterday)).toContain('last error 30/01/2026, 02:04:02 IST: run held');
  });

  test('shows what ready parts say, but for those of the sending, which has lines of its own', () => {
    const details = { subscriptions: '2 batches are parked', sending: 'texts go out', 'smpp-link': 'bound' };
    const [line] = printStatus({ ...well, programs: [{ ...program('outage', 18_002), details }] })
      .split('\n')
      .slice(2);

    expect(line).toBe('  outage             ready; subscriptions: 2 batches are parked');
  });
});

describe('what a part says that is well otherwise', () => {
  const saying = (details: Record<string, string>): Status => ({
    ...well,
    programs: [{ ...program('outage', 18_002), details }],
  });

  test.each([
    ['subscriptions', '2 parked batches of control-room'],
    ['subscriptions', '1 replay of control-room cannot be read: KafkaJSConnectionError'],
    ['parked-items', '3 parked, see the table parked_item'],
  ])('is to be looked at: %s: %s', (part, detail) => {
    expect(troublesOf(saying({ [part]: detail }))).toEqual(['what outage says above']);
    expect(printStatus(saying({ [part]: detail }))).toContain(`ready; ${part}: ${detail}`);
  });

  test('is nothing where it says how the sending is', () => {
    expect(troublesOf(saying({ 'smpp-link': 'up', desk: 'SMPP link up' }))).toEqual([]);
  });
});

describe('the dead letters that a page of metrics counts', () => {
  const waiting = 'bijli_dead_letters_waiting{subscription="accounts",service="notifier"} 2\n';

  test('are read by subscription', () => {
    expect(countsIn('notifier', waiting)).toEqual([{ service: 'notifier', subscription: 'accounts', waiting: 2 }]);
  });

  test('are unknown where a part could not give what it counts', () => {
    expect(countsIn('notifier', `bijli_metrics_failed{part="subscriptions",service="notifier"} 1\n`)).toBeNull();
  });
});
