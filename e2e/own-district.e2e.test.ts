import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '@bijli/testing';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { expectTold } from './handsets.ts';
import { readCsv, type Row } from './independent/csv.ts';
import { expectedTexts } from './independent/texts.ts';
import { addressees } from './independent/town.ts';
import { runCommand } from './run-command.ts';
import { call, type StartedSystem, startSystem } from './started-system.ts';

// A district as its department keeps it: semicolons, Hindi headings, feeders by name, numbers as people write them. It is converted by
// the documented script and imported by the documented command; who must be told is computed from the department's own file.

const basePort = 19_500;
const repository = join(import.meta.dirname, '..');
const PER_FEEDER = 250;
const FEEDERS = [
  ['सिविल लाइन्स', 'स्टेशन रोड'],
  ['सिविल लाइन्स', 'गांधी मार्केट'],
  ['घंटाघर', 'स्टेशन रोड'],
  ['घंटाघर', 'मिल रोड'],
] as const;
const HEADINGS = 'खाता संख्या;नाम;श्रेणी;स्थिति;उपकेंद्र;पोषक;मोहल्ला;मीटर;मोबाइल';

interface OwnRow {
  account: string;
  category: string;
  state: string;
  substation: string;
  feeder: string;
  mobile: string;
}

let system: StartedSystem;
let folder: string;
let rows: OwnRow[];

beforeAll(async () => {
  system = await startSystem(basePort);
  folder = mkdtempSync(join(tmpdir(), 'bijli own district '));
  rows = ownDistrict();
  writeFileSync(join(folder, 'own.csv'), ownFormat(rows));
  const converted = await runCommand(
    [process.execPath, 'docs/examples/district/convert.mjs', join(folder, 'own.csv'), folder],
    {
      cwd: repository,
    },
  );
  expect(`${converted.code} ${converted.errors}`).toBe('0 ');
}, 300_000);
afterAll(async () => {
  await system?.stop();
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
}, 120_000);

/** Every fifth shares its number with the one before, every seventh has none; numbers are written in five ways. */
function ownDistrict(): OwnRow[] {
  return FEEDERS.flatMap(([substation, feeder], f) =>
    Array.from({ length: PER_FEEDER }, (_, n): OwnRow => {
      const number = String(7_200_000_000 + (f * PER_FEEDER + n - (n % 5 === 4 ? 1 : 0)) * 13);
      return {
        account: String(9_310_000_000 + f * 1_000 + n),
        category: n % 50 === 0 ? 'अस्पताल' : 'घरेलू',
        state: n % 11 === 10 ? 'विच्छेदित' : 'चालू',
        substation,
        feeder,
        mobile: n % 7 === 6 ? '' : writtenInOneWay(number, n),
      };
    }),
  );
}

function writtenInOneWay(number: string, n: number): string {
  const devanagari = [...number].map((digit) => String.fromCharCode(0x0966 + Number(digit))).join('');
  const ways = [number, `+91 ${number.slice(0, 5)} ${number.slice(5)}`, `0${number}`, devanagari, `91${number}`];
  return ways[n % ways.length] ?? number;
}

function ownFormat(of: readonly OwnRow[]): string {
  const lines = of.map(({ account, category, state, substation, feeder, mobile }, n) =>
    [
      `${account.slice(0, 4)} ${account.slice(4)}`,
      `उपभोक्ता ${n}`,
      category,
      state,
      substation,
      feeder,
      feeder,
      `M${n}`,
      mobile,
    ].join(';'),
  );
  return `${[HEADINGS, ...lines].join('\n')}\n`;
}

/** Runs `npm run import` as the user does, without npm's own start-up. */
function importFiles(...args: string[]) {
  return runCommand([process.execPath, '--conditions=bijli-source', 'scripts/import.ts', ...args], {
    cwd: repository,
    env: { ...process.env, NO_COLOR: '1', BIJLI_PORT: String(basePort) },
    withinMs: 120_000,
  });
}

const both = () => ['--network', join(folder, 'network.csv'), '--connections', join(folder, 'connections.csv')];

async function audience(): Promise<number> {
  return (await call<{ connections: number }>('GET', `${system.notifier}/v1/audience`)).connections;
}

describe('a district of one’s own', () => {
  test('is tried first, and nothing of it is taken', async () => {
    const before = await audience();

    const { code, output } = await importFiles(...both(), '--dry-run');

    expect(code).toBe(0);
    expect(output).toMatch(/1,000 rows would be: 1,000 new/);
    const [first] = rows;
    const answer = await fetch(`${system.registry}/v1/connections/${first?.account}`);
    expect(answer.status).toBe(404);
    expect(await audience()).toBe(before);
  }, 120_000);

  test('of which the command is killed while it sends leaves nothing half done', async () => {
    const child = spawn(process.execPath, ['--conditions=bijli-source', 'scripts/import.ts', ...both()], {
      cwd: repository,
      env: { ...process.env, NO_COLOR: '1', BIJLI_PORT: String(basePort) },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    let output = '';
    child.stdout.on('data', (data: Buffer) => (output += data.toString()));
    await until(() => output.includes('lines'), { describe: 'the command to begin', deadlineMs: 20_000 });
    child.kill('SIGKILL');
    await until(() => child.signalCode !== null || child.exitCode !== null, { describe: 'the command to be gone' });

    const known = await Promise.all(
      rows.map(async ({ account }) => (await fetch(`${system.registry}/v1/connections/${account}`)).status === 200),
    );

    expect([0, rows.length]).toContain(known.filter(Boolean).length);
  }, 120_000);

  test('is imported with one command, and can be told when the command ends', async () => {
    const { code, output, errors } = await importFiles(...both());

    expect(`${code} ${errors}`).toBe('0 ');
    expect(output).toMatch(/connections\.csv: 1,000 rows/);
    const seen = await call<{ nodeId: string }>('GET', `${system.registry}/v1/connections/${rows[0]?.account}`);
    expect(seen).toMatchObject({ accountNumber: rows[0]?.account });
  }, 180_000);

  test('again changes nothing, and says so', async () => {
    const { code, output } = await importFiles(...both());

    expect(code).toBe(0);
    expect(output).toMatch(/1,000 unchanged/);
    expect(output).toContain('nothing new');
  }, 120_000);

  test('hears of a cut on one of its feeders: exactly those of the department’s own file', async () => {
    const [substation, feeder] = FEEDERS[2];
    const nodes = readCsv(join(folder, 'network.csv'));
    const code = nodes.find((node) => node['name_en'] === `${feeder} (${substation})`)?.['code'] ?? '';
    const to = new Date(Date.now() + 3 * 3_600_000).toISOString();
    const since = new Date().toISOString();

    await call('POST', `${system.outage}/v1/outages`, {
      nodeIds: [code],
      cause: 'line-fault',
      estimatedRestorationAt: to,
    });

    const there = rows.filter((row) => row.substation === substation && row.feeder === feeder).map(asConnection);
    const expected = expectedTexts(addressees(there), { family: 'unplanned', cause: 'line-fault', from: since, to });
    expect(expected.length).toBeGreaterThan(100);
    await expectTold(system.simulator, since, expected);
  }, 120_000);

  test('with bad rows is taken without them, and each is listed with line, column, rule and masked value', async () => {
    const bad = join(folder, 'bad.csv');
    const header = readFileSync(join(folder, 'connections.csv'), 'utf8').split('\n')[0];
    const node = readCsv(join(folder, 'connections.csv'))[0]?.['node_code'] ?? '';
    const row = (account: string, change: Record<string, string> = {}) => {
      const cells: Record<string, string> = {
        account_number: account,
        category: 'domestic',
        state: 'active',
        node_code: node,
        ...change,
      };
      return (header ?? '')
        .split(',')
        .map((column) => cells[column] ?? '')
        .join(',');
    };
    const lines = [
      row('9320000001', { mobile: '9876501234' }),
      row('932000000'),
      row('9320000003', { category: 'घर' }),
      row('9320000004', { node_code: 'F-nowhere' }),
      row('9320000005', { state: '9876509999' }),
      row('9320000006', { mobile: '9.87E+09' }),
      row('9320000007', { mobile: '98765' }),
      row('9320000001'),
    ];
    writeFileSync(bad, `${[header, ...lines].join('\n')}\n`);
    const list = join(folder, 'refused.csv');

    const { code, output } = await importFiles('--connections', bad, '--refused', list);

    expect(code).toBe(2);
    expect(output).toContain(list);
    const listed = readCsv(list);
    expect(
      listed.map((each) => [each['line'], each['severity'], each['field'], each['rule']].join(' ')).sort(),
    ).toEqual(
      [
        '3 refused account_number format',
        '4 refused category choice',
        '5 refused node_code unknown',
        '6 refused state choice',
        '7 warning mobile scientific-notation',
        '8 warning mobile length',
        '9 refused account_number duplicate',
      ].sort(),
    );
    expect(listed.every((each: Row) => (each['reason'] ?? '') !== '')).toBe(true);
    expect(readFileSync(list, 'utf8')).not.toMatch(/98765(01234|09999)/);
    expect((await fetch(`${system.registry}/v1/connections/9320000001`)).status).toBe(200);
    expect((await fetch(`${system.registry}/v1/connections/9320000003`)).status).toBe(404);
    expect(existsSync(join(folder, 'refused-rows.csv'))).toBe(false);
  }, 120_000);

  test.each([
    ['a file that is not there', () => ['--connections', join(folder, 'absent.csv')], /absent\.csv/],
    ['a file with wrong columns', () => ['--connections', join(folder, 'network.csv')], /column/i],
    ['no file at all', () => [], /--network FILE/],
  ])('%s is told in one sentence', async (_, args, sentence) => {
    const { code, errors } = await importFiles(...args());

    expect(code).toBe(1);
    expect(errors.trim().split('\n')).toHaveLength(1);
    expect(errors).toMatch(sentence);
  });
});

function asConnection({ account, state, mobile }: OwnRow): Row {
  return { account_number: account, state: state === 'चालू' ? 'active' : 'disconnected', mobile, language: 'hi' };
}
