import { connectionFile, keys, smallNetwork, upload } from '../../test/files.ts';
import { firstDay, secondDay, numberOf, importsInto } from '../../test/imports.ts';
import { said } from '../../test/outbox.ts';
import { type RegistryDatabase, registryDatabase } from '../../test/registry-database.ts';
import { type Contact } from '../domain/connection.ts';
import { loadConnectionForUpdate } from '../store/connection-rows.ts';
import { listContactHistory } from '../store/contact-history.ts';
import { listRefusedRows } from '../store/import-runs.ts';
import { listUnmappedConnections } from '../store/list-unmapped-connections.ts';
import { saveNumberChange } from '../store/save-number-change.ts';
import { uploadMemory } from '../csv/hold-file.ts';
import { importNetwork } from './import-network.ts';
import { query, withTransaction } from '@bijli/postgres';
import { until } from '@bijli/testing';
import { openMobileNumbers } from '@bijli/units';
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

describe('a connection import', () => {
  test('registers connections with their events, numbers sealed', async () => {
    const { counts } = await imports.importAt(
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
    await imports.importAt(firstDay, file);
    const before = await imports.found('4100000001');

    const { counts } = await imports.importAt(secondDay, file);

    expect(counts).toMatchObject({ rows: 3, registered: 0, changed: 0, unchanged: 3, refused: 0, warnings: 1 });
    expect(await imports.found('4100000001')).toEqual(before);
    expect(await said(registry.db, TOPIC)).toHaveLength(3);
    expect(await imports.rowsOf('contact_history')).toBe(1);
  });

  test('counts the version of those that changed, and tells what changed', async () => {
    await imports.importAt(
      firstDay,
      connectionFile({}, { account_number: '4100000002' }, { account_number: '4100000003' }),
    );

    const { counts } = await imports.importAt(
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
    expect(numberOf(await imports.found('4100000002'))).toBe('9876543211');
  });

  test('keeps the connection of a malformed number and warns with its line', async () => {
    const { counts, importId } = await imports.importAt(
      firstDay,
      connectionFile({ mobile: '9.87E+09' }, { account_number: '4100000002', mobile: '98765 4321' }),
    );

    expect(counts).toMatchObject({ registered: 2, refused: 0, warnings: 2 });
    expect((await imports.found('4100000001')).contacts[0]).toMatchObject({ numberState: 'malformed', number: null });
    expect(await listRefusedRows(registry.db, importId, { after: 0, limit: 9 })).toEqual([
      { line: 2, severity: 'warning', field: 'mobile', rule: 'scientific-notation', value: '•.••x+••' },
      { line: 3, severity: 'warning', field: 'mobile', rule: 'length', value: '••••• ••••' },
    ]);
  });

  test('takes no number away by an empty or malformed cell', async () => {
    await imports.importAt(firstDay, connectionFile({}, { account_number: '4100000002' }));

    const { counts } = await imports.importAt(
      secondDay,
      connectionFile({ mobile: '' }, { account_number: '4100000002', mobile: 'NA' }),
    );

    expect(counts).toMatchObject({ unchanged: 2, warnings: 1 });
    expect(numberOf(await imports.found('4100000001'))).toBe('9876543210');
    expect(numberOf(await imports.found('4100000002'))).toBe('9876543210');
  });

  test('leaves a number that a person gave, and warns', async () => {
    await imports.importAt(firstDay, connectionFile({}));
    await query(registry.db, `update contact set source = 'je'`);

    const { counts, importId } = await imports.importAt(secondDay, connectionFile({ mobile: '9876543299' }));

    expect(counts).toMatchObject({ unchanged: 1, warnings: 1 });
    expect(numberOf(await imports.found('4100000001'))).toBe('9876543210');
    expect(await listRefusedRows(registry.db, importId, { after: 0, limit: 9 })).toMatchObject([
      { line: 2, severity: 'warning', field: 'mobile', rule: 'kept' },
    ]);
  });

  test('remembers who changed what, from what to what', async () => {
    const first = await imports.importAt(firstDay, connectionFile({}));
    const second = await imports.importAt(secondDay, connectionFile({ mobile: '9876543211', language: 'en' }));

    const history = await listContactHistory(registry.db, (await imports.found('4100000001')).id, 1);

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
    await imports.importAt(firstDay, connectionFile({ old_account_numbers: 'R100001; OLD-77' }));

    expect((await imports.found('R100001')).accountNumber).toBe('4100000001');
    expect((await imports.found('OLD-77')).accountNumber).toBe('4100000001');
    expect(await said(registry.db, TOPIC)).toMatchObject([{ formerAccountNumbers: ['OLD-77', 'R100001'] }]);
  });

  test('gives a connection its new account number, and keeps the one before', async () => {
    await imports.importAt(firstDay, connectionFile({ old_account_numbers: 'R100001' }));
    const { id } = await imports.found('4100000001');

    const { counts } = await imports.importAt(
      secondDay,
      connectionFile({ account_number: '5200000001', old_account_numbers: 'R100001' }),
    );

    expect(counts).toMatchObject({ registered: 0, changed: 1 });
    for (const account of ['5200000001', '4100000001', 'R100001']) {
      expect(await imports.found(account)).toMatchObject({ id, accountNumber: '5200000001', version: 2 });
    }
    expect((await said(registry.db, TOPIC)).slice(1)).toMatchObject([
      { type: 'ConnectionChanged', accountNumber: '5200000001', formerAccountNumbers: ['4100000001', 'R100001'] },
    ]);
    expect(await imports.refusals(connectionFile({}))).toEqual(['2 account_number superseded']);
  });

  test('waits for a change of a number that began before it, and neither overwrites the other', async () => {
    await imports.importAt(firstDay, connectionFile({}));
    const { promise: hasBegun, resolve: begin } = Promise.withResolvers<void>();
    const { promise: mayGoOn, resolve: goOn } = Promise.withResolvers<void>();
    const change = withTransaction(registry.db, async (tx) => {
      const connection = await loadConnectionForUpdate(tx, '4100000001');
      begin();
      await mayGoOn;
      const [before] = connection?.contacts ?? [];
      if (connection === null || before === undefined) throw new Error('nothing to change');
      const after: Contact = { ...before, source: 'je' };
      await saveNumberChange(tx, { ...connection, version: 2 }, { before, after, changedBy: 'je-221' });
    });
    await hasBegun;
    const imported = imports.importAt(secondDay, connectionFile({ mobile: '9876543299', state: 'disconnected' }));
    await until(() => imports.rowsOf(`pg_locks where not granted and relation = 'connection'::regclass`), {
      describe: 'the import to wait',
    });

    goOn();

    await change;
    expect((await imported).counts).toMatchObject({ changed: 1, warnings: 1 });
    const connection = await imports.found('4100000001');
    expect(connection).toMatchObject({ version: 3, state: 'disconnected', contacts: [{ source: 'je' }] });
    expect(numberOf(connection)).toBe('9876543210');
  });

  test('registers many, each with its contact and its event, among those that are refused or known', async () => {
    const rows = Array.from({ length: 4_500 }, (_, index) => ({
      account_number: String(4_100_000_000 + index),
      mobile: String(6_000_000_001 + index),
    }));

    const refused = { account_number: '12', mobile: '' };
    await imports.importAt(firstDay, connectionFile({ ...rows[0], mobile: '' }, refused, ...rows.slice(1, 2_600)));

    const { counts } = await imports.importAt(
      secondDay,
      connectionFile(...rows.slice(0, 2_600), refused, ...rows.slice(2_600)),
    );

    expect(counts).toMatchObject({ rows: 4_501, registered: 1_900, changed: 1, unchanged: 2_599, refused: 1 });
    const [empty, ...events] = (await said(registry.db, TOPIC)).toSorted((a, b) =>
      `${a.accountNumber} ${a.version}`.localeCompare(`${b.accountNumber} ${b.version}`),
    );
    expect(empty?.contacts).toMatchObject([{ numberState: 'absent' }]);
    expect(events.map(({ version }) => version)).toEqual([2, ...rows.slice(1).map(() => 1)]);
    expect(events.map(({ accountNumber }) => accountNumber)).toEqual(
      rows.map(({ account_number: account }) => account),
    );
    const blocks = Buffer.concat(events.map(({ contacts }) => contacts[0]?.sealedNumber ?? Buffer.alloc(16)));
    expect(openMobileNumbers(keys.sealKeys, 'test', blocks)).toEqual(rows.map(({ mobile }) => mobile));
  });

  test('tells all contacts of a connection that has several', async () => {
    await imports.importAt(firstDay, connectionFile({}));
    const { id } = await imports.found('4100000001');
    await query(
      registry.db,
      `insert into contact (connection_id, contact_no, language, number_state, source, changed_at)
       select :id, no, 'en', 'absent', 'je', now() from generate_series(2, 3) no`,
      { id },
    );

    await imports.importAt(secondDay, connectionFile({ state: 'disconnected' }));

    expect((await said(registry.db, TOPIC)).at(-1)).toMatchObject({
      state: 'disconnected',
      contacts: [{ contactNo: 1 }, { contactNo: 2 }, { contactNo: 3 }],
    });
  });
});
