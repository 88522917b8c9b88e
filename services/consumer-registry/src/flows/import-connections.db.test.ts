import { query } from '@bijli/postgres';
import { openMobileNumbers } from '@bijli/units';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { connectionFile, keys, smallNetwork, upload } from '../../test/files.ts';
import { said } from '../../test/outbox.ts';
import { type RegistryDatabase, registryDatabase } from '../../test/registry-database.ts';
import type { Connection } from '../domain/connection.ts';
import { findConnection } from '../store/connection-rows.ts';
import { listContactHistory } from '../store/contact-history.ts';
import { listRefusedRows } from '../store/import-runs.ts';
import { listUnmappedConnections } from '../store/list-unmapped-connections.ts';
import { importConnections } from './import-connections.ts';
import { importNetwork } from './import-network.ts';

const TOPIC = 'consumer-registry.connection.v1';
const firstDay = new Date('2026-01-01T00:00:00Z');
const secondDay = new Date('2026-01-02T00:00:00Z');

let registry: RegistryDatabase;

beforeEach(async () => {
  registry = await registryDatabase();
  await importNetwork({ db: registry.db, clock: () => firstDay }, upload(smallNetwork));
});
afterEach(() => registry.close());

const outcomeOf = (source: AsyncIterable<Buffer>, at = firstDay) =>
  importConnections({ db: registry.db, keys, clock: () => at }, source);

const importAt = async (at: Date, file: string) => {
  const outcome = await outcomeOf(upload(file), at);
  if (outcome.code !== 'imported') throw new Error(outcome.code);
  return outcome.report;
};

const refusals = async (file: string) =>
  (await importAt(secondDay, file)).firstRefused.map(({ line, field, rule }) => `${line} ${field} ${rule}`);

const found = async (accountNumber: string): Promise<Connection> => {
  const connection = await findConnection(registry.db, accountNumber);
  if (connection === undefined) throw new Error(`${accountNumber} is not there`);
  return connection;
};

const numberOf = ({ contacts }: Connection): string | undefined => {
  const number = contacts[0]?.number;
  return number ? openMobileNumbers(keys.sealKeys, number.keyId, number.sealed)[0] : undefined;
};

const rowsOf = async (table: string): Promise<number> => {
  const [row] = await query<{ n: string }>(registry.db, `select count(*) as n from ${table}`);
  return Number(row?.n);
};

describe('a connection import', () => {
  test('registers connections with their events, numbers sealed', async () => {
    const { counts } = await importAt(
      firstDay,
      connectionFile(
        { mobile: '+91 98765-43210' },
        { account_number: '4100000002', mobile: '', node_code: '', language: 'en' },
      ),
    );

    expect(counts).toEqual({
      rows: 2,
      registered: 2,
      changed: 0,
      unchanged: 0,
      refused: 0,
      warnings: 0,
      unmapped: 1,
    });
    const [mapped, unmapped] = await said(registry.db, TOPIC);
    expect(mapped).toMatchObject({
      type: 'ConnectionRegistered',
      occurredAt: firstDay,
      version: 1,
      accountNumber: '4100000001',
      category: 'domestic',
      state: 'active',
      nodeId: 'DT-1',
      contacts: [{ contactNo: 1, language: 'hi', numberState: 'collected', sealKeyId: 'test' }],
    });
    const sealed = mapped?.contacts[0]?.sealedNumber ?? Buffer.alloc(0);
    expect(openMobileNumbers(keys.sealKeys, 'test', sealed)).toEqual(['9876543210']);
    expect(unmapped).toMatchObject({
      nodeId: '',
      contacts: [{ language: 'en', numberState: 'absent', sealedNumber: null, sealKeyId: null }],
    });
    expect(await listUnmappedConnections(registry.db, { after: '', limit: 9 })).toMatchObject([
      { accountNumber: '4100000002' },
    ]);
  });

  test('changes nothing the second time, warnings included', async () => {
    const file = connectionFile(
      {},
      { account_number: '4100000002', mobile: '' },
      { account_number: '4100000003', mobile: '98765', old_account_numbers: 'R100003' },
    );
    await importAt(firstDay, file);
    const before = await found('4100000001');

    const { counts } = await importAt(secondDay, file);

    expect(counts).toMatchObject({ rows: 3, registered: 0, changed: 0, unchanged: 3, refused: 0, warnings: 1 });
    expect(await found('4100000001')).toEqual(before);
    expect(await said(registry.db, TOPIC)).toHaveLength(3);
    expect(await rowsOf('contact_history')).toBe(1);
  });

  test('counts the version of those that changed, and tells what changed', async () => {
    await importAt(firstDay, connectionFile({}, { account_number: '4100000002' }, { account_number: '4100000003' }));

    const { counts } = await importAt(
      secondDay,
      connectionFile(
        { node_code: 'F-2' },
        { account_number: '4100000002', mobile: '9876543211' },
        { account_number: '4100000003' },
      ),
    );

    expect(counts).toMatchObject({ registered: 0, changed: 2, unchanged: 1 });
    const events = (await said(registry.db, TOPIC)).slice(3);
    expect(events).toMatchObject([
      { type: 'ConnectionChanged', version: 2, accountNumber: '4100000001', nodeId: 'F-2' },
      { type: 'ContactChanged', version: 2, accountNumber: '4100000002' },
    ]);
    expect(numberOf(await found('4100000002'))).toBe('9876543211');
  });

  test('keeps the connection of a malformed number and warns with its line', async () => {
    const { counts, importId } = await importAt(
      firstDay,
      connectionFile({ mobile: '9.87E+09' }, { account_number: '4100000002', mobile: '98765 4321' }),
    );

    expect(counts).toMatchObject({ registered: 2, refused: 0, warnings: 2 });
    expect((await found('4100000001')).contacts[0]).toMatchObject({ numberState: 'malformed', number: null });
    expect(await listRefusedRows(registry.db, importId, { after: 0, limit: 9 })).toEqual([
      { line: 2, severity: 'warning', field: 'mobile', rule: 'scientific-notation', value: '•.••x+••' },
      { line: 3, severity: 'warning', field: 'mobile', rule: 'length', value: '••••• ••••' },
    ]);
  });

  test('takes no number away by an empty or malformed cell', async () => {
    await importAt(firstDay, connectionFile({}, { account_number: '4100000002' }));

    const { counts } = await importAt(
      secondDay,
      connectionFile({ mobile: '' }, { account_number: '4100000002', mobile: 'NA' }),
    );

    expect(counts).toMatchObject({ unchanged: 2, warnings: 1 });
    expect(numberOf(await found('4100000001'))).toBe('9876543210');
    expect(numberOf(await found('4100000002'))).toBe('9876543210');
  });

  test('leaves a number that a person gave, and warns', async () => {
    await importAt(firstDay, connectionFile({}));
    await query(registry.db, `update contact set source = 'je'`);

    const { counts, importId } = await importAt(secondDay, connectionFile({ mobile: '9876543299' }));

    expect(counts).toMatchObject({ unchanged: 1, warnings: 1 });
    expect(numberOf(await found('4100000001'))).toBe('9876543210');
    expect(await listRefusedRows(registry.db, importId, { after: 0, limit: 9 })).toMatchObject([
      { line: 2, severity: 'warning', field: 'mobile', rule: 'kept' },
    ]);
  });

  test('remembers who changed what, from what to what', async () => {
    const first = await importAt(firstDay, connectionFile({}));
    const second = await importAt(secondDay, connectionFile({ mobile: '9876543211', language: 'en' }));

    const history = await listContactHistory(registry.db, (await found('4100000001')).id, 1);

    const opened = (number: { sealed: Buffer; keyId: string } | null) =>
      number && openMobileNumbers(keys.sealKeys, number.keyId, number.sealed)[0];
    expect(
      history.map(({ oldNumber, newNumber, ...change }) => ({
        ...change,
        from: opened(oldNumber),
        to: opened(newNumber),
      })),
    ).toMatchObject([
      { what: 'mobile-number', changedBy: second.importId, source: 'import', from: '9876543210', to: '9876543211' },
      { what: 'language', changedBy: second.importId, oldLanguage: 'hi', newLanguage: 'en' },
      { what: 'mobile-number', changedBy: first.importId, changedAt: firstDay, from: null, to: '9876543210' },
    ]);
  });

  test('finds a connection by its old numbers too', async () => {
    await importAt(firstDay, connectionFile({ old_account_numbers: 'R100001; OLD-77' }));

    expect((await found('R100001')).accountNumber).toBe('4100000001');
    expect((await found('OLD-77')).accountNumber).toBe('4100000001');
  });

  test('gives a connection its new account number, and keeps the one before', async () => {
    await importAt(firstDay, connectionFile({ old_account_numbers: 'R100001' }));
    const { id } = await found('4100000001');

    const { counts } = await importAt(
      secondDay,
      connectionFile({ account_number: '5200000001', old_account_numbers: 'R100001' }),
    );

    expect(counts).toMatchObject({ registered: 0, changed: 1 });
    for (const account of ['5200000001', '4100000001', 'R100001']) {
      expect(await found(account)).toMatchObject({ id, accountNumber: '5200000001', version: 2 });
    }
    expect(await refusals(connectionFile({}))).toEqual(['2 account_number superseded']);
  });

  test.each([
    ['no account number', { account_number: '' }, '2 account_number required'],
    ['what a spreadsheet makes of one', { account_number: '4.1E+09' }, '2 account_number scientific-notation'],
    ['a short account number', { account_number: '410000000' }, '2 account_number format'],
    ['an account number in Devanagari digits', { account_number: '४१०००००००१' }, '2 account_number format'],
    ['a Cyrillic homoglyph', { account_number: '41000000О1' }, '2 account_number format'],
    ['an unknown category', { category: 'temple' }, '2 category choice'],
    ['an erased state', { state: 'erased' }, '2 state choice'],
    ['an unknown node', { node_code: 'DT-404' }, '2 node_code unknown'],
    ['an unknown language', { language: 'fr' }, '2 language choice'],
    ['a wild old number', { old_account_numbers: 'R1; $$$' }, '2 old_account_numbers format'],
    ['a name of 4,000 characters', { consumer_name: 'x'.repeat(4_000) }, '2 consumer_name too-long'],
    ['a NUL', { consumer_name: 'a\u0000b' }, '2 consumer_name nul-character'],
    ['a text turned around', { locality_hi: 'a\u202eb' }, '2 locality_hi control-character'],
  ])('refuses %s', async (_name, row, reason) => {
    expect(await refusals(connectionFile(row))).toEqual([reason]);
    expect(await rowsOf('connection')).toBe(0);
    expect(await said(registry.db, TOPIC)).toEqual([]);
  });

  test('takes names that are odd but harmless', async () => {
    const names = ['=HYPERLINK("http://x")', '🙂 Asha', 'क्‍षमा', "O'Brien; drop table connection;--", 'a\\tb'];
    const rows = names.map((name, index) => ({ account_number: `410000000${index}`, consumer_name: name }));

    const { counts } = await importAt(firstDay, connectionFile(...rows));

    expect(counts).toMatchObject({ registered: 5 });
    const connections = await Promise.all(rows.map(({ account_number: account }) => found(account)));
    expect(connections.map(({ consumerName }) => consumerName)).toEqual(names);
  });

  test('refuses a row of another width, and takes the others', async () => {
    const file = `${connectionFile({})}4100000002,domestic\n`;

    const report = await importAt(firstDay, file);

    expect(report.counts).toMatchObject({ rows: 2, registered: 1, refused: 1 });
    expect(report.firstRefused).toEqual([{ line: 3, field: '', rule: 'column-count', value: '' }]);
  });

  test('refuses the later of two rows for an account, and of two for an old number', async () => {
    const file = connectionFile(
      { old_account_numbers: 'R100001' },
      { category: 'commercial' },
      { account_number: '4100000002', old_account_numbers: 'R100001' },
    );

    expect(await refusals(file)).toEqual(['3 account_number duplicate', '4 old_account_numbers taken']);
  });

  test("refuses an old number that is somebody else's", async () => {
    await importAt(firstDay, connectionFile({ old_account_numbers: 'R100001' }, { account_number: '4100000002' }));

    const file = connectionFile(
      { account_number: '4100000002', old_account_numbers: 'R100001' },
      { account_number: '4100000003', old_account_numbers: '4100000001 4100000002' },
    );
    expect(await refusals(file)).toEqual(['2 old_account_numbers taken', '3 old_account_numbers taken']);
  });

  test('shows codes of refused cells, and of everything else the shape', async () => {
    const { firstRefused } = await importAt(
      firstDay,
      connectionFile(
        { node_code: 'DT-404' },
        { account_number: '4100000002', category: 'Asha Devi' },
        { account_number: '98765 43210' },
        { account_number: '4100000003', node_code: 'F-9876543210' },
      ),
    );

    expect(firstRefused.map(({ value }) => value)).toEqual(['DT-404', 'xxxx xxxx', '••••• •••••', 'x-••••••••••']);
  });

  test('shows the first twenty of many refused rows, and lists all', async () => {
    const rows = Array.from({ length: 50 }, () => ({ category: 'temple' }));

    const { firstRefused, counts, importId } = await importAt(firstDay, connectionFile(...rows));

    expect(firstRefused.map(({ line }) => line)).toEqual(Array.from({ length: 20 }, (_, index) => index + 2));
    expect(counts.refused).toBe(50);
    expect(await listRefusedRows(registry.db, importId, { after: 0, limit: 99 })).toHaveLength(50);
  });

  test('leaves nothing behind when the upload breaks off', async () => {
    async function* broken(): AsyncGenerator<Buffer> {
      yield Buffer.from(connectionFile({}));
      throw new Error('the line went dead');
    }

    await expect(outcomeOf(broken())).rejects.toThrow('the line went dead');

    for (const table of ['connection', 'connection_import_row']) expect(await rowsOf(table)).toBe(0);
    expect(await rowsOf(`import_run where kind = 'connections'`)).toBe(0);
    expect((await importAt(firstDay, connectionFile({}))).counts.registered).toBe(1);
  });

  test('leaves nothing behind when the file turns out to be none', async () => {
    const outcome = await outcomeOf(upload(`${connectionFile({})}4100000002,"domestic\n`));

    expect(outcome).toMatchObject({
      code: 'invalid-file',
      problems: [{ line: 3, field: 'category', rule: 'unclosed-quote' }],
    });
    for (const table of ['connection', 'connection_import_row']) expect(await rowsOf(table)).toBe(0);
    expect(await rowsOf(`import_run where kind = 'connections'`)).toBe(0);
  });

  test('says so when another import is running, and does not read the file', async () => {
    const { promise: mayGoOn, resolve: goOn } = Promise.withResolvers<void>();
    const { promise: isReading, resolve: reads } = Promise.withResolvers<void>();
    async function* slow(): AsyncGenerator<Buffer> {
      reads();
      await mayGoOn;
      yield Buffer.from(connectionFile({}));
    }
    const first = outcomeOf(slow());
    await isReading;

    expect(await outcomeOf(upload(connectionFile({})))).toEqual({ code: 'import-running' });

    goOn();
    expect(await first).toMatchObject({ code: 'imported', report: { counts: { registered: 1 } } });
  });

  test('registers many, with contacts and events in order', async () => {
    const rows = Array.from({ length: 4_500 }, (_, index) => ({
      account_number: String(4_100_000_000 + index),
      mobile: String(6_000_000_001 + index),
    }));

    await importAt(firstDay, connectionFile(...rows));

    const events = await said(registry.db, TOPIC);
    expect(events.map(({ accountNumber }) => accountNumber)).toEqual(
      rows.map(({ account_number: account }) => account),
    );
    const blocks = Buffer.concat(events.map(({ contacts }) => contacts[0]?.sealedNumber ?? Buffer.alloc(16)));
    expect(openMobileNumbers(keys.sealKeys, 'test', blocks)).toEqual(rows.map(({ mobile }) => mobile));
  });

  test('tells all contacts of a connection that has several', async () => {
    await importAt(firstDay, connectionFile({}));
    const { id } = await found('4100000001');
    await query(
      registry.db,
      `insert into contact (connection_id, contact_no, language, number_state, source, changed_at)
       select ?, no, 'en', 'absent', 'je', now() from generate_series(2, 3) no`,
      [id],
    );

    await importAt(secondDay, connectionFile({ state: 'disconnected' }));

    expect((await said(registry.db, TOPIC)).at(-1)).toMatchObject({
      state: 'disconnected',
      contacts: [{ contactNo: 1 }, { contactNo: 2 }, { contactNo: 3 }],
    });
  });

  test('lets no plain number into any table', async () => {
    const canary = '9812345670';
    await importAt(
      firstDay,
      connectionFile({ mobile: `+91 ${canary}` }, { account_number: '4100000002', mobile: `${canary}1` }),
    );
    await importAt(
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
