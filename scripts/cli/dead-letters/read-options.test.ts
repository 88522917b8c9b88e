import { describe, expect, test } from '@jest/globals';
import { readOptions, USAGE } from './read-options.ts';

const now = new Date('2026-01-30T08:35:00Z');
const read = (line: string) => readOptions(line.split(' ').filter(Boolean), now);

describe('what somebody asks of dead letters', () => {
  test('is the list of all services unless it is said otherwise', () => {
    expect(read('')).toMatchObject({ action: 'list', limit: null, filter: {} });
    expect(read('list --service billing --limit 5')).toMatchObject({ databases: ['billing'], limit: 5 });
  });

  test.each([
    ['2h', '2026-01-30T06:35:00.000Z'],
    ['30m', '2026-01-30T08:05:00.000Z'],
    ['3d', '2026-01-27T08:35:00.000Z'],
    ['2026-01-30T14:05:00+05:30', '2026-01-30T08:35:00.000Z'],
  ])('may be only what died since %s', (when, since) => {
    const options = read(`list --reason refused --subscription account-feed --since ${when}`);

    expect(options).toMatchObject({
      filter: { reason: 'refused', subscription: 'account-feed', since: new Date(since) },
    });
  });

  test('may be to replay some, with who says so', () => {
    expect(read('replay --service billing --all --reason failed --who me --dry-run')).toEqual({
      action: 'replay',
      database: 'billing',
      filter: { reason: 'failed' },
      who: 'me',
      isDryRun: true,
    });
  });

  test.each(['--help', '-h', 'help', 'list --help', 'replay --service billing -h'])('is help with %j', (line) => {
    expect(read(line)).toEqual({ action: 'help' });
    expect(USAGE).toContain('--since');
  });

  test.each([
    ['list --service biling', 'there is no service biling: consumer-registry, outage, billing, complaint, notifier'],
    ['list --since yesterday', '--since yesterday is no time'],
    ['list --since 2026-01-30T14:05:00', 'is no time'],
    ['list --limit 0', '--limit 0 is no whole number'],
    ['discard --service billing --all --limit 5 --who asha', 'discard knows no --limit'],
    ['replay --service billing --id 7 --who \u00a0', 'replay needs --who'],
    ['list replay', 'one thing at a time'],
    ['list --servic x', 'Unknown option'],
    ['show --id 7', 'show needs --service'],
    ['replay --service billing --all', 'replay needs --who'],
    ['replay --service billing --who me', 'replay needs either --id or --all'],
    ['replay --service billing --who me --id 7 --all', 'replay needs either --id or --all'],
    ['replay --service billing --who me --id x', '--id x is no number'],
    ['bury --service billing', 'bury cannot be done so'],
  ])('is refused in words: %s', (line, words) => {
    expect(() => read(line)).toThrow(words);
  });
});
