import { connectionFile, smallNetwork, upload } from '../../test/files.ts';
import { firstDay, secondDay, importsInto } from '../../test/imports.ts';
import { said } from '../../test/outbox.ts';
import { type RegistryDatabase, registryDatabase } from '../../test/registry-database.ts';
import { beginImport } from '../store/begin-import.ts';
import { listRefusedRows } from '../store/import-runs.ts';
import { uploadMemory } from '../csv/hold-file.ts';
import { importNetwork } from './import-network.ts';
import { query, withTransaction } from '@bijli/postgres';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

const TOPIC = 'consumer-registry.connection.v1';

let registry: RegistryDatabase;
let imports: ReturnType<typeof importsInto>;

beforeEach(async () => {
  registry = await registryDatabase();
  imports = importsInto(registry.db);
  await importNetwork({ db: registry.db, clock: () => firstDay, memory: uploadMemory() }, upload(smallNetwork));
});
afterEach(() => registry.close());

describe('a connection import that goes wrong', () => {
  test.each([
    ['no account number', { account_number: '' }, '2 account_number required'],
    ['what a spreadsheet makes of one', { account_number: '4.1E+09' }, '2 account_number scientific-notation'],
    ['a short account number', { account_number: '410000000' }, '2 account_number format'],
    ['a Cyrillic homoglyph', { account_number: '41000000О1' }, '2 account_number format'],
    ['an account number of nine digits and a decimal', { account_number: '410000000.0' }, '2 account_number format'],
    ['an account number of twelve digits', { account_number: '410000000100' }, '2 account_number format'],
    ['a formula for an account number', { account_number: '=HYPERLINK("x")' }, '2 account_number format'],
    ['a homoglyph in a category', { category: 'dоmestic' }, '2 category choice'],
    ['an unknown category', { category: 'temple' }, '2 category choice'],
    ['an erased state', { state: 'erased' }, '2 state choice'],
    ['an unknown node', { node_code: 'DT-404' }, '2 node_code unknown'],
    ['an unknown language', { language: 'fr' }, '2 language choice'],
    ['a wild old number', { old_account_numbers: 'R1; $$$' }, '2 old_account_numbers format'],
    ['a name of 4,000 characters', { consumer_name: 'x'.repeat(4_000) }, '2 consumer_name too-long'],
    ['a NUL', { consumer_name: 'a\u0000b' }, '2 consumer_name nul-character'],
    ['a text turned around', { locality_hi: 'a\u202eb' }, '2 locality_hi control-character'],
  ])('refuses %s', async (_name, row, reason) => {
    expect(await imports.refusals(connectionFile(row))).toEqual([reason]);
    expect(await imports.rowsOf('connection')).toBe(0);
    expect(await said(registry.db, TOPIC)).toEqual([]);
  });

  test('takes names that are odd but harmless', async () => {
    const names = [
      '=HYPERLINK("http://x")',
      '🙂 Asha',
      '👩‍👩‍👧‍👦',
      'क्‍षमा',
      'آشا دیوی',
      'שלום',
      "O'Brien; drop table connection;--",
      'a\\tb',
    ];
    const rows = names.map((name, index) => ({ account_number: `410000000${index}`, consumer_name: name }));

    const { counts } = await imports.importAt(firstDay, connectionFile(...rows));

    expect(counts).toMatchObject({ registered: names.length });
    const connections = await Promise.all(rows.map(({ account_number: account }) => imports.found(account)));
    expect(connections.map(({ consumerName }) => consumerName)).toEqual(names);
  });

  test('lists everything that is wrong with a row at once, each field by its rule', async () => {
    const file = connectionFile(
      {
        account_number: '41000',
        category: 'temple',
        state: 'gone',
        node_code: 'DT-404',
        language: 'fr',
        old_account_numbers: 'x',
        consumer_name: 'a\u202eb',
        locality_en: 'x'.repeat(4_000),
        mobile: '98765',
      },
      { account_number: '4100000002' },
      { account_number: '4100000002', category: 'temple', mobile: '9876543210/9876543211' },
    );

    const { counts, importId } = await imports.importAt(firstDay, file);

    expect(counts).toMatchObject({ rows: 3, registered: 1, refused: 2, warnings: 0 });
    const listed = await listRefusedRows(registry.db, importId, { after: 0, limit: 99 });
    expect(listed.map(({ line, severity, field, rule }) => `${line} ${severity} ${field} ${rule}`)).toEqual([
      '2 refused account_number format',
      '2 refused category choice',
      '2 refused consumer_name control-character',
      '2 refused language choice',
      '2 refused locality_en too-long',
      '2 refused node_code unknown',
      '2 refused old_account_numbers format',
      '2 refused state choice',
      '2 warning mobile length',
      '4 refused account_number duplicate',
      '4 refused category choice',
      '4 warning mobile second-number',
    ]);
  });

  test('lists all of a line together, however few are asked for', async () => {
    const wrong = { category: 'temple', state: 'gone', language: 'fr' };
    const { importId } = await imports.importAt(firstDay, connectionFile(wrong, wrong));

    const first = await listRefusedRows(registry.db, importId, { after: 0, limit: 1 });
    const second = await listRefusedRows(registry.db, importId, { after: 2, limit: 1 });

    expect([first, second].map((rows) => rows.map(({ line, field }) => `${line} ${field}`))).toEqual([
      ['2 category', '2 language', '2 state'],
      ['3 category', '3 language', '3 state'],
    ]);
  });

  test('refuses a row of another width, and takes the others', async () => {
    const file = `${connectionFile({})}4100000002,domestic\n`;

    const report = await imports.importAt(firstDay, file);

    expect(report.counts).toMatchObject({ rows: 2, registered: 1, refused: 1 });
    expect(report.firstRefused).toEqual([{ line: 3, field: '', rule: 'column-count', value: '' }]);
  });

  test('refuses the later of two rows for an account, and of two for an old number', async () => {
    const file = connectionFile(
      { old_account_numbers: 'R100001' },
      { category: 'commercial' },
      { account_number: '4100000002', old_account_numbers: 'R100001' },
    );

    expect(await imports.refusals(file)).toEqual(['3 account_number duplicate', '4 old_account_numbers taken']);
  });

  test("refuses an old number that is somebody else's", async () => {
    await imports.importAt(
      firstDay,
      connectionFile({ old_account_numbers: 'R100001' }, { account_number: '4100000002' }),
    );

    const file = connectionFile(
      { account_number: '4100000002', old_account_numbers: 'R100001' },
      { account_number: '4100000003', old_account_numbers: '4100000001 4100000002' },
    );
    expect(await imports.refusals(file)).toEqual(['2 old_account_numbers taken', '3 old_account_numbers taken']);
  });

  test('refuses a row that means by an old number the connection of another row', async () => {
    await imports.importAt(firstDay, connectionFile({ old_account_numbers: 'R100001' }));

    const file = connectionFile(
      { category: 'commercial' },
      { account_number: '4100000009', old_account_numbers: 'R100001' },
    );
    expect(await imports.refusals(file)).toEqual(['3 old_account_numbers taken']);
    expect((await said(registry.db, TOPIC)).map(({ version }) => version)).toEqual([1, 2]);
  });

  test('shows codes of refused cells, and of everything else the shape', async () => {
    const { firstRefused } = await imports.importAt(
      firstDay,
      connectionFile(
        { node_code: 'DT-404' },
        { account_number: '4100000002', category: 'Asha Devi' },
        { account_number: '98765 4321' },
        { account_number: '4100000003', node_code: 'F-9876543210' },
      ),
    );

    expect(firstRefused.map(({ value }) => value)).toEqual(['DT-404', 'xxxx xxxx', '•••••••••', 'x-••••••••••']);
  });

  test('shows no number, in whatever script and wherever it stands', async () => {
    const scripts = Intl.supportedValuesOf('numberingSystem').map((numberingSystem) =>
      new Intl.NumberFormat('en', { numberingSystem, useGrouping: false }).format(9_812_345_670),
    );
    const columns = ['category', 'state', 'node_code', 'language', 'account_number'] as const;
    const written = [...scripts, 'F-98123-45670', '9-8-1-2-3-4-5-6-7-0', '+91 (98123) 45670', '98123\u00b745670'];
    const rows = written.flatMap((number, at) =>
      columns.map((column, place) => ({
        account_number: String(4_100_000_000 + at * 10 + place),
        [column]: `${number}x`,
      })),
    );

    const { importId } = await imports.importAt(firstDay, connectionFile(...rows));

    const listed = await listRefusedRows(registry.db, importId, { after: 0, limit: 9_999 });
    expect(listed.length).toBe(rows.length);
    expect(listed.filter(({ value }) => /\p{N}/u.test(value))).toEqual([]);
  });

  test('shows the first twenty of many refused rows, and lists all', async () => {
    const rows = Array.from({ length: 50 }, (_, index) => ({
      account_number: `41000000${10 + index}`,
      category: 'temple',
    }));

    const { firstRefused, counts, importId } = await imports.importAt(firstDay, connectionFile(...rows));

    expect(firstRefused.map(({ line }) => line)).toEqual(Array.from({ length: 20 }, (_, index) => index + 2));
    expect(counts.refused).toBe(50);
    expect(await listRefusedRows(registry.db, importId, { after: 0, limit: 99 })).toHaveLength(50);
  });

  test('leaves nothing behind when the upload breaks off', async () => {
    async function* broken(): AsyncGenerator<Buffer> {
      yield Buffer.from(connectionFile({}));
      throw new Error('the line went dead');
    }

    await expect(imports.outcomeOf(broken())).rejects.toThrow('the line went dead');

    for (const table of ['connection', 'connection_import_row']) expect(await imports.rowsOf(table)).toBe(0);
    expect(await imports.rowsOf(`import_run where kind = 'connections'`)).toBe(0);
    expect((await imports.importAt(firstDay, connectionFile({}))).counts.registered).toBe(1);
  });

  test('leaves nothing behind when the file turns out to be none', async () => {
    const outcome = await imports.outcomeOf(upload(`${connectionFile({})}4100000002,"domestic\n`));

    expect(outcome).toMatchObject({
      code: 'invalid-file',
      problems: [{ line: 3, field: 'category', rule: 'unclosed-quote' }],
    });
    for (const table of ['connection', 'connection_import_row']) expect(await imports.rowsOf(table)).toBe(0);
    expect(await imports.rowsOf(`import_run where kind = 'connections'`)).toBe(0);
  });

  test('says so when another import is running, and does not read the file', async () => {
    const { promise: mayEnd, resolve: end } = Promise.withResolvers<void>();
    const { promise: hasBegun, resolve: begin } = Promise.withResolvers<void>();
    const first = withTransaction(registry.db, async (tx) => {
      await beginImport(tx);
      begin();
      await mayEnd;
    });
    await hasBegun;
    let isRead = false;
    async function* watched(): AsyncGenerator<Buffer> {
      isRead = true;
      yield Buffer.from(connectionFile({}));
    }

    expect(await imports.outcomeOf(watched())).toEqual({ code: 'import-running' });
    expect(isRead).toBe(false);

    end();
    await first;
    expect(await imports.outcomeOf(watched())).toMatchObject({ code: 'imported' });
  });

  test('holds no other import up while its sender is slow', async () => {
    const { promise: mayGoOn, resolve: goOn } = Promise.withResolvers<void>();
    const { promise: isReading, resolve: reads } = Promise.withResolvers<void>();
    async function* slow(): AsyncGenerator<Buffer> {
      yield Buffer.from(connectionFile());
      reads();
      await mayGoOn;
      yield Buffer.from(connectionFile({ account_number: '4100000002' }).split('\n').slice(1).join('\n'));
    }
    const first = imports.outcomeOf(slow());
    await isReading;

    expect(await imports.outcomeOf(upload(connectionFile({})))).toMatchObject({ code: 'imported' });

    goOn();
    expect(await first).toMatchObject({ code: 'imported', report: { counts: { rows: 1, registered: 1 } } });
  });

  test('is begun once when two files are here at the same time', async () => {
    const rows = Array.from({ length: 2_000 }, (_, index) => ({ account_number: String(4_100_000_000 + index) }));
    const file = connectionFile(...rows);

    const outcomes = await Promise.all([imports.outcomeOf(upload(file)), imports.outcomeOf(upload(file))]);

    const imported = { registered: 2_000, unchanged: 0 };
    expect(outcomes.map(({ code }) => code).sort()).toEqual(['import-running', 'imported']);
    expect(outcomes.find(({ code }) => code === 'imported')).toMatchObject({ report: { counts: imported } });
  });

  test('lets no plain number into any table', async () => {
    const canary = '9812345670';
    await imports.importAt(
      firstDay,
      connectionFile({ mobile: `+91 ${canary}` }, { account_number: '4100000002', mobile: `${canary}1` }),
    );
    await imports.importAt(
      secondDay,
      connectionFile({ mobile: '9876500000' }, { account_number: canary.slice(0, 9), mobile: canary }),
    );

    const tables = await query<{ name: string }>(
      registry.db,
      `select tablename as name from pg_tables where schemaname = 'public'`,
    );
    for (const { name } of tables) {
      const rows = await query<{ text: string }>(
        registry.db,
        `select row_to_json(each)::text as text from ${name} each`,
      );
      expect(rows.filter(({ text }) => text.replace(/[ -]/g, '').includes(canary))).toEqual([]);
    }
  });
});
