import { connectionFile, networkFile, smallNetwork, upload } from '../../test/files.ts';
import { firstDay, importsInto, numberOf, secondDay } from '../../test/imports.ts';
import { type RegistryDatabase, registryDatabase } from '../../test/registry-database.ts';
import { uploadMemory } from '../csv/hold-file.ts';
import { listRefusedRows } from '../store/import-runs.ts';
import { importNetwork } from './import-network.ts';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

let registry: RegistryDatabase;
let imports: ReturnType<typeof importsInto>;

beforeEach(async () => {
  registry = await registryDatabase();
  imports = importsInto(registry.db);
  await importNetwork({ db: registry.db, clock: () => firstDay, memory: uploadMemory() }, upload(smallNetwork));
});
afterEach(() => registry.close());

describe('a connection import', () => {
  test('reads numbers as people and spreadsheets write them', async () => {
    const written = [
      '9876500000.0',
      '\u202a+91 98765 00001\u202c',
      '98765\u200b00002',
      '9876500003\ufe0e',
      '+91 (0) 98765 00004',
      '00919876500005',
      '98765.00006',
      '(98765) 00007',
      'Mob. 9876500008',
      "'9876500009",
      '="9876500010"',
      '৯৮৭৬৫০০০১১',
    ];
    const rows = written.map((mobile, index) => ({ account_number: String(4_100_000_000 + index), mobile }));

    const { counts } = await imports.importAt(firstDay, connectionFile(...rows));

    expect(counts).toMatchObject({ registered: written.length, warnings: 0 });
    const numbers = await Promise.all(
      rows.map(async ({ account_number }) => numberOf(await imports.found(account_number))),
    );
    expect(numbers).toEqual(written.map((_, index) => String(9_876_500_000 + index)));
  });

  test('takes the first of two numbers and warns of the second, each time', async () => {
    const file = connectionFile({ mobile: '98765 43210 / 98765 43211' });
    await imports.importAt(firstDay, file);

    const { counts, importId } = await imports.importAt(secondDay, file);

    expect(counts).toMatchObject({ unchanged: 1, warnings: 1 });
    expect(numberOf(await imports.found('4100000001'))).toBe('9876543210');
    expect(await listRefusedRows(registry.db, importId, { after: 0, limit: 9 })).toEqual([
      { line: 2, severity: 'warning', field: 'mobile', rule: 'second-number', value: '••••• ••••• /[ ••••• •••••]' },
    ]);
  });

  test.each([
    ['a decimal', '4200000200.0'],
    ['the text mark of a spreadsheet', "'4200000200"],
    ['marks of direction', '\u202a4200000200\u202c'],
    ['a zero-width space', '42000\u200b00200'],
    ['spaces', '4200 000 200\u00a0'],
    ['Devanagari digits', '४२०००००२००'],
    ['full-width digits', '４２０００００２００'],
  ])('takes an account number with %s for the same account', async (_name, account) => {
    await imports.importAt(firstDay, connectionFile({ account_number: '4200000200' }));

    expect((await imports.importAt(secondDay, connectionFile({ account_number: account }))).counts).toMatchObject({
      unchanged: 1,
      refused: 0,
    });
  });

  test('takes twelve digits as an old number of the ten that are cut from them', async () => {
    const file = connectionFile({ account_number: '4200000200', old_account_numbers: '420000020012.0' });

    expect((await imports.importAt(firstDay, file)).counts).toMatchObject({ registered: 1, refused: 0 });

    expect((await imports.found('420000020012')).accountNumber).toBe('4200000200');
    expect((await imports.found('4200000200')).formerAccountNumbers).toEqual(['420000020012']);
    expect((await imports.importAt(secondDay, file)).counts).toMatchObject({ unchanged: 1 });
  });

  test('drops marks that nobody sees from codes and words', async () => {
    const marked = { category: 'domestic\u200b', state: '\u200eactive', node_code: 'DT\u2060-1', language: 'hi\ufeff' };

    expect((await imports.importAt(firstDay, connectionFile(marked))).counts).toMatchObject({ registered: 1 });
    expect(await imports.found('4100000001')).toMatchObject({ category: 'domestic', nodeCode: 'DT-1' });
  });

  test('skips rows of commas, and counts their lines', async () => {
    const file = connectionFile({}, { account_number: '4100000002', category: 'temple' }).replaceAll(
      '\n',
      '\n,,,,,,,,,,\n ,"",\n',
    );

    const { counts, firstRefused } = await imports.importAt(firstDay, file);

    expect(counts).toMatchObject({ rows: 2, registered: 1, refused: 1 });
    expect(firstRefused.map(({ line }) => line)).toEqual([7]);
  });

  test.each([
    ['CR', (file: string) => file.replaceAll('\n', '\r')],
    ['a line that says what divides the cells', (file: string) => `sep=;\n${file.replaceAll(',', ';')}`],
  ])('reads a file with %s', async (_name, rewrite) => {
    const file = rewrite(connectionFile({}, { account_number: '4100000002' }));

    expect((await imports.importAt(firstDay, file)).counts).toMatchObject({ rows: 2, registered: 2 });
  });
});

test('a network import lists everything that is wrong with a node at once', async () => {
  const file = networkFile(
    { code: 'Z-9', kind: 'pole', name_en: '' },
    { code: 'F 9', kind: 'feeder', parent_code: 'SS-404', name_hi: 'a\u0000' },
    { code: 'F-1\u200b', kind: 'feeder', parent_code: 'SS-1' },
    { code: 'F-1', kind: 'substation', parent_code: 'SD-1', name_en: '' },
  );

  const outcome = await importNetwork({ db: registry.db, clock: () => firstDay, memory: uploadMemory() }, upload(file));

  expect(outcome).toMatchObject({ code: 'imported', report: { counts: { rows: 4, unchanged: 1, refused: 3 } } });
  const { firstRefused } = outcome.code === 'imported' ? outcome.report : { firstRefused: [] };
  expect(firstRefused.map(({ line, field, rule }) => `${line} ${field} ${rule}`)).toEqual([
    '2 kind choice',
    '2 name_en required',
    '3 code format',
    '3 name_hi nul-character',
    '3 parent_code unknown',
    '5 code duplicate',
    '5 kind kind-changed',
    '5 name_en required',
  ]);
});
