import { randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '@bijli/testing';
import { expect, test } from '@jest/globals';
import { type HeardEvent } from './heard-events.ts';
import { readCsv } from './independent/csv.ts';
import { type Ended, runCommand } from './run-command.ts';

/** What the tests of the programs in Go ask of the system that is started for them. */
export type FedSystem = {
  readonly module: string;
  readonly brokers: string;
  readonly schemas: string;
  /** A folder of the test's own. */
  folder(): string;
  /** Code of a feeder, by its position in the town's file. */
  feeder(position: number): string;
  heard(eventId: string, outcome: HeardEvent['outcome']): Promise<HeardEvent>;
  takenOf(sourceId: string): Promise<object[]>;
  entriesOf(reference: string): Promise<object[]>;
  /** Reasons of the dead letters of billing. */
  deadLetters(): Promise<readonly string[]>;
};

/** Compressions of a producer that the services read. */
const codecs = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const;
/** Feeders of the town that no other test here takes, one for each compression. */
const firstFeeder = 10;

/** Tests the programs in Go under docs/examples, which were built into a folder. */
export function goProgramTests(programs: string, system: FedSystem): void {
  const at = ['--brokers', system.brokers, '--schemas', system.schemas];
  const run = (program: string, ...args: string[]): Promise<Ended> =>
    runCommand([join(programs, program), ...args], { cwd: system.module });
  const sample = join(system.module, '../billing-system/accounts.csv');
  const fileOf = (name: string, rows: readonly string[]): string => {
    const [header = ''] = readFileSync(sample, 'utf8').split('\n');
    const file = join(system.folder(), name);
    writeFileSync(file, [header, ...rows].join('\n'));
    return file;
  };

  test.each(codecs.map((codec, position) => [codec, position] as const))(
    'a control room reports a cut, moves its time and ends it, compressed with %s',
    async (codec, position) => {
      const id = `GO-${randomUUID()}`;
      const say = async (what: string, ...more: string[]): Promise<void> => {
        const ended = await run('say-outage', what, id, ...more, '--compression', codec, ...at);
        expect(ended).toMatchObject({ code: 0, errors: '' });
        await system.heard(ended.output.trim(), 'taken');
      };

      await say('report', '--node', system.feeder(firstFeeder + position), '--cause', 'storm', '--until', '+3h');
      await say('estimate', '--until', '+5h');
      await say('restore');
      expect(await system.takenOf(id)).toHaveLength(3);
    },
    120_000,
  );

  test.each(codecs)(
    'a billing system feeds payments compressed with %s',
    async (codec) => {
      const references = Array.from({ length: 30 }, (_, n) => `GO-${codec}-${n}`);
      const rows = references.map((each) => `payment,A-0003,4100000003,${each},10.05,2025-11-01T09:00:00+05:30,,`);
      const file = fileOf(`go-${codec}.csv`, rows);

      expect(await run('feed-accounts', file, '--recent', '--compression', codec, ...at)).toMatchObject({
        code: 0,
        output: '30 read, 0 refused, 30 delivered, 0 failed\n',
      });
      for (const reference of references)
        await until(async () => (await system.entriesOf(reference)).length === 1, { describe: `entry ${reference}` });
      expect(await system.entriesOf('GO-none-0')).toMatchObject([{ amountPaise: 1_005 }]);
    },
    120_000,
  );

  test('the file that the program in Python feeds is the same events: each is entered once, whichever fed it', async () => {
    const deadBefore = await system.deadLetters();

    expect(await run('feed-accounts', sample, '--recent', ...at)).toMatchObject({ code: 0 });

    const rows = readCsv(sample);
    for (const { reference = '' } of rows) {
      const meant = rows.filter((row) => row['reference'] === reference).length;
      await until(async () => (await system.entriesOf(reference)).length === meant, {
        describe: `${meant} entries of ${reference}`,
      });
    }
    expect(await system.deadLetters()).toEqual(deadBefore); // other octets under the id of an event would be one
  }, 120_000);

  test('a row that makes no sense is refused, naming row and column', async () => {
    const payment = 'payment,A-0003,4100000003,GOX';
    const mistaken = fileOf('go-mistaken.csv', [
      'gift,A-0003,4100000003,B-1,10.00,2025-11-01T09:00:00+05:30,,',
      `${payment}-1,10.005,2025-11-01T09:00:00+05:30,,`,
      `${payment}-2,10.00,2025-11-01T09:00:00,,`,
      `${payment}-3,10.00`,
      `${payment}-4,10.00,2025-11-12T09:00:00+05:30,,`,
    ]);
    const { code, output, errors } = await run('feed-accounts', mistaken, '--recent', ...at);

    expect([code, output]).toEqual([1, '5 read, 4 refused, 1 delivered, 0 failed\n']);
    for (const told of [
      '1 refused: what:',
      '2 refused: amount_rupees:',
      '3 refused: happened_at:',
      '4 refused: as many',
    ])
      expect(errors).toContain(`row ${told}`);
  });

  test.each([
    ['say-outage', 'restore', 'CR-1'],
    ['feed-accounts', sample],
  ])('%s says in one sentence that there is no schema endpoint', async (program, ...args) => {
    const { code, errors } = await run(program, ...args, '--schemas', 'http://127.0.0.1:1');

    expect(code).toBe(1);
    expect(errors).toMatch(/^no schema from http:\/\/127\.0\.0\.1:1: is Bijli Alert started\? \(.*refused\)\n$/);
  });

  test('do what their README says, command by command', async () => {
    const readme = readFileSync(join(system.module, '../README.md'), 'utf8');
    const commands = readme.match(/^go run .*$/gm) ?? [];
    expect(commands).toHaveLength(4);
    for (const command of commands) {
      const [program = '', ...args] = command.split(/ +/);
      expect(await runCommand([program, ...args, ...at], { cwd: system.module })).toMatchObject({ code: 0 });
    }

    await until(async () => (await system.takenOf('CR-27')).length === 3, { describe: '3 events of CR-27' });
  }, 120_000);
}
