import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '@bijli/testing';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { readCsv } from './independent/csv.ts';
import { lawfulConnections, readOwnFormat } from './independent/own-format.ts';
import { readSubmit, shownTexts } from './independent/pdus.ts';
import { expectedTexts } from './independent/texts.ts';
import { addressees } from './independent/town.ts';
import { CANARY, makeLargeFile, makeOwnDistrict } from './own-district.ts';
import { startStallingProxy } from './stalling-proxy.ts';
import { familyOf } from './start-and-stop.processes.ts';
import { call, type StartedSystem, startSystem } from './started-system.ts';

const basePort = 19_500;
const repository = join(import.meta.dirname, '..');
const examples = join(repository, 'docs/examples/district');
/** `npm run district-check` asks for a whole district. */
const districtRows = Number(process.env['DISTRICT_ROWS'] ?? 3_000);
/** The same steps with half a million rows. */
const patienceMs = 60_000 + districtRows;
/** More than the sockets between the command and the registry hold. */
const largeRows = 120_000;
/** Less than the command writes of the large file before anybody reads it. */
const stalledAfterOctets = 1_000_000;
const hourMs = 3_600_000;

let system: StartedSystem;
let database: pg.Client;
let folder: string;
const district = makeOwnDistrict(districtRows);
const at = (name: string) => join(folder, name);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'bijli-own-'));
  writeFileSync(at('own-format.csv'), district.text);
  writeFileSync(at('large.csv'), makeLargeFile(largeRows, 9_500_000_000));
  system = await startSystem(basePort);
  const role = 'consumer_registry_app';
  const password = readFileSync(join(system.dataFolder, `secrets/${role}-password`), 'utf8');
  database = new pg.Client(`postgres://${role}:${password}@127.0.0.1:${basePort + 10}/consumer_registry`);
  await database.connect();
}, 300_000);
afterAll(async () => {
  await database?.end();
  await system?.stop();
  rmSync(folder, { recursive: true, force: true });
}, 120_000);

type Ended = {
  readonly code: number | null;
  readonly output: string;
};

/** The command as the user runs it. */
function startImport(...args: string[]): { child: ChildProcess; ended: Promise<Ended> } {
  const child = spawn(process.execPath, ['--conditions=bijli-source', 'scripts/cli/import/main.ts', ...args], {
    cwd: repository,
    env: { ...process.env, BIJLI_PORT: String(basePort), NO_COLOR: '1' },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  const ended = new Promise<Ended>((resolve) => child.on('close', (code) => resolve({ code, output })));
  return { child, ended };
}

const runImport = (...args: string[]): Promise<Ended> => startImport(...args).ended;
const ownFiles = () => ['--network', at('network.csv'), '--connections', at('connections.csv')];

async function countOf(what: string): Promise<number> {
  const { rows } = await database.query<{ n: string }>(`select count(*) as n from ${what}`);
  return Number(rows[0]?.n);
}
const isBeingStaged = async (): Promise<boolean> =>
  (await countOf(`pg_stat_activity where state = 'active' and query like 'copy "connection_import_row"%'`)) > 0;
const largeTaken = () => countOf(`connection where account_number like '95%'`);

describe('an import that is interrupted', () => {
  /** The command with a file that stalls half way; what it does meanwhile, and how it ends. */
  const stallImport = async (work: (child: ChildProcess) => unknown): Promise<Ended> => {
    const proxy = await startStallingProxy(Number(new URL(system.registry).port), stalledAfterOctets);
    try {
      const { child, ended } = startImport('--connections', at('large.csv'), '--registry', proxy.url);
      await until(() => proxy.isStalling(), { describe: 'the file to be on its way' });
      await work(child);
      return await ended;
    } finally {
      await proxy.stop();
    }
  };

  test('leaves nothing when the command is killed while it sends', async () => {
    await stallImport((child) => child.kill('SIGKILL'));

    expect(await largeTaken()).toBe(0);
    expect(await countOf('connection_import_row')).toBe(0);
  });

  test('leaves nothing when the user stops it, and says so', async () => {
    const ended = await stallImport((child) => child.kill('SIGINT'));

    expect(ended).toMatchObject({
      code: 1,
      output: expect.stringMatching(/^Stopped: nothing of large.csv was taken\.$/m),
    });
    expect(await largeTaken()).toBe(0);
  });

  test('holds no other import up, and is given up when nothing more of it comes', async () => {
    const ended = await stallImport(async () => {
      const other = await runImport('--network', join(examples, 'network.csv'), '--dry-run');
      expect(other).toMatchObject({ code: 0, output: expect.stringContaining('10 new') });
    });

    expect(ended).toMatchObject({ code: 1, output: expect.stringMatching(/came for 10 s|connection broke/) });
    expect(await largeTaken()).toBe(0);
  });

  test('leaves nothing when the registry is killed, and completes when it is run again', async () => {
    const { ended } = startImport('--connections', at('large.csv'));
    await until(isBeingStaged, { describe: 'the file to be read' });
    const registry = familyOf(system.pid).find(
      ({ command }) => command.endsWith('services/consumer-registry/src/main.ts') && !command.startsWith('/bin/sh'),
    );

    process.kill(registry?.pid ?? 0, 'SIGKILL');

    expect(await ended).toMatchObject({ code: 1, output: expect.stringContaining('run the same command again') });
    expect(await largeTaken()).toBe(0);
    await until(async () => (await fetch(`${system.registry}/readyz`).catch(() => null))?.ok, {
      describe: 'the registry to be back',
    });

    const again = await runImport('--connections', at('large.csv'));

    expect(again).toMatchObject({ code: 0, output: expect.stringContaining('large.csv: 120,000 rows: 120,000 new') });
    expect(await largeTaken()).toBe(largeRows);
  }, 180_000);
});

describe('a file that is none', () => {
  test.each([
    [
      'wrong columns',
      'account_number,mobile,Feeder name\n1,2,3\n',
      /^The columns of bad.csv are wrong: missing category, .*; unknown Feeder name \(column 3\)\./m,
    ],
    ['UTF-16', Buffer.from('\ufeffcode\n', 'utf16le'), /^bad.csv is UTF-16: save it as UTF-8/m],
    [
      'Latin-1',
      Buffer.concat([readFileSync(join(examples, 'connections.csv')), Buffer.from('\xe9t\xe9\n', 'latin1')]),
      /^Line 13 of bad.csv is not UTF-8/m,
    ],
    [
      'an open quote',
      `${readFileSync(join(examples, 'connections.csv'), 'utf8')}9,"x\n`,
      /^bad.csv is not CSV: Line 13: /m,
    ],
  ])(
    'is refused for %s in one sentence',
    async (_name, content, sentence) => {
      writeFileSync(at('bad.csv'), content);

      const { code, output } = await runImport('--connections', at('bad.csv'));

      expect(code).toBe(1);
      expect(output).toMatch(sentence);
      expect(output).not.toContain('    at ');
    },
    30_000,
  );

  test('finds no system where none runs', async () => {
    const nobody = 'http://127.0.0.1:9';
    const { code, output } = await runImport('--connections', join(examples, 'connections.csv'), '--registry', nobody);

    expect(code).toBe(1);
    expect(output).toContain(`consumer-registry does not answer at ${nobody}: start the system (npm start)`);
  });
});

test('the sample files are taken whole', async () => {
  const files = ['--network', join(examples, 'network.csv'), '--connections', join(examples, 'connections.csv')];

  const { code, output } = await runImport(...files);

  expect(output).toMatch(/^network.csv: 10 rows: 10 new/m);
  expect(output).toMatch(/^connections.csv: 11 rows: 11 new, 1 on no node of the network/m);
  expect(output).toMatch(/^sendable after [\d.]+ s: /m);
  expect(code).toBe(0);
});

describe("a district in a format of one's own", () => {
  const refusedLines = (path: string): string[] =>
    readCsv(path).map(({ line, severity, field, rule, value }) => [line, severity, field, rule, value].join('|'));
  const lawful = () => lawfulConnections(readOwnFormat(at('own-format.csv')));
  const counted = (rows: number): string => rows.toLocaleString('en');
  const refusedRows = district.listed.filter((row) => row.includes('|refused|')).length;

  test('is converted by the documented script', () => {
    execFileSync(process.execPath, [join(examples, 'convert.mjs'), at('own-format.csv'), folder]);

    expect(readCsv(at('connections.csv'))).toHaveLength(districtRows);
    expect(readCsv(at('network.csv'))).toHaveLength(13);
  });

  test(
    'is tried: the report and the list are those of the import, and nothing is taken',
    async () => {
      const before = [await countOf('connection'), await countOf('network_node'), await countOf('outbox')];

      const { code, output } = await runImport(...ownFiles(), '--dry-run', '--refused', at('tried.csv'));

      expect(output).toContain(
        `connections.csv: ${counted(districtRows)} rows would be: ${counted(districtRows - refusedRows)} new, ${refusedRows} refused`,
      );
      expect(output).toContain('dry run: nothing of network.csv and connections.csv was taken');
      expect(code).toBe(2);
      expect(refusedLines(at('tried.csv'))).toEqual(district.listed);
      expect([await countOf('connection'), await countOf('network_node'), await countOf('outbox')]).toEqual(before);
    },
    patienceMs,
  );

  test(
    'is imported: every wrong row is listed with its line, field, reason and masked value, and no number',
    async () => {
      const { code, output } = await runImport(...ownFiles());

      expect(code).toBe(2);
      expect(output).toMatch(/^network.csv: 13 rows: 13 new/m);
      expect(output).toContain(`each of them with its line: ${at('refused-rows.csv')}`);
      expect(refusedLines(at('refused-rows.csv'))).toEqual(district.listed);
      const rows = readCsv(at('refused-rows.csv'));
      for (const { file, reason } of rows)
        expect([file, reason]).toEqual(['connections.csv', expect.stringMatching(/\w \w/)]);
      for (const text of [output, readFileSync(at('refused-rows.csv'), 'utf8')]) {
        expect(text).not.toContain(CANARY);
        expect(text.replaceAll(/\d{13,}/g, '')).not.toMatch(/\d{9}/);
      }
      expect(await countOf(`connection where account_number like '93%'`)).toBe(lawful().length);
    },
    patienceMs,
  );

  test(
    'is known the second time, and the first list is kept',
    async () => {
      const events = await countOf('outbox_event');

      const { code, output } = await runImport(...ownFiles());

      expect(output).toMatch(/^network.csv: 13 rows: 13 unchanged/m);
      expect(output).toMatch(
        new RegExp(`^connections.csv: ${counted(districtRows)} rows: ${counted(lawful().length)} unchanged`, 'm'),
      );
      expect(output).toContain('nothing new: all of it was known already');
      expect(code).toBe(2);
      expect(existsSync(at('refused-rows-2.csv'))).toBe(true);
      expect(await countOf('outbox_event')).toBe(events);
    },
    patienceMs,
  );

  test(
    'is told of an outage on one feeder: everybody there, in their language, and nobody else',
    async () => {
      const feeder = 'गांधी मार्केट (घंटाघर)';
      const code = readCsv(at('network.csv')).find((node) => node['name_hi'] === feeder)?.['code'];
      const people = addressees(lawful().filter((connection) => connection['feeder'] === feeder));
      const to = new Date(Date.now() + 3 * hourMs).toISOString();
      const before = submitted().length;

      const { id } = await call<{ id: string }>('POST', `${system.outage}/v1/outages`, {
        nodeIds: [code],
        cause: 'transformer-fault',
        estimatedRestorationAt: to,
      });

      const run = await until(
        async () => {
          const { runs } = await call<{ runs: Run[] }>('GET', `${system.notifier}/v1/runs?outageId=${id}`);
          return runs.find(({ endedAt, counts }) => endedAt !== null && counts.parts.awaited === 0);
        },
        { deadlineMs: patienceMs, describe: 'the run to end with its receipts' },
      );
      const shown = shownTexts(submitted().slice(before));
      const expected = expectedTexts(people, { family: 'unplanned', cause: 'transformer-fault', from: to, to });
      expect(new Set(people.map(({ language }) => language))).toEqual(new Set(['hi', 'en']));
      expect(people.length).toBeGreaterThan(100);
      expect(shown.sort(byMobile)).toEqual([...expected].sort(byMobile));
      expect(run.counts.accepted).toBe(people.length);
    },
    patienceMs,
  );
});

type Run = {
  readonly endedAt: string | null;
  readonly counts: { accepted: number; parts: { awaited: number } };
};

const byMobile = (a: { mobile: string }, b: { mobile: string }): number => (a.mobile < b.mobile ? -1 : 1);

function submitted() {
  return readFileSync(join(system.dataFolder, 'sms-simulator/pdus.jsonl'), 'utf8')
    .split('\n')
    .filter((line) => line.includes('"direction":"in"'))
    .map((line) => readSubmit(Buffer.from((JSON.parse(line) as { pdu: string }).pdu, 'hex')))
    .filter((part) => part !== null);
}
