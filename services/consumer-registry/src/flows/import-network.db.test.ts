import { query } from '@bijli/postgres';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { networkFile, smallNetwork, upload } from '../../test/files.ts';
import { said } from '../../test/outbox.ts';
import { type RegistryDatabase, registryDatabase } from '../../test/registry-database.ts';
import { findNetworkNode, listNetworkNodes } from '../store/network-nodes.ts';
import { uploadMemory } from '../csv/hold-file.ts';
import { importNetwork } from './import-network.ts';

const TOPIC = 'consumer-registry.network.v1';
const firstDay = new Date('2026-01-01T00:00:00Z');
const secondDay = new Date('2026-01-02T00:00:00Z');

let registry: RegistryDatabase;

beforeEach(async () => {
  registry = await registryDatabase();
});
afterEach(() => registry.close());

async function importAt(at: Date, file: string) {
  const outcome = await importNetwork({ db: registry.db, clock: () => at, memory: uploadMemory() }, upload(file));
  if (outcome.code !== 'imported') throw new Error(outcome.code);
  return outcome.report;
}

const refusals = async (file: string) =>
  (await importAt(secondDay, file)).firstRefused.map(({ line, field, rule }) => `${line} ${field} ${rule}`);

describe('a network import', () => {
  test('adds the nodes with their events, parents first', async () => {
    const { counts } = await importAt(firstDay, smallNetwork);

    expect(counts).toMatchObject({ rows: 9, registered: 9, changed: 0, unchanged: 0, moved: 0, refused: 0 });
    const events = await said(registry.db, TOPIC);
    expect(events.map(({ aggregateId }) => aggregateId).join(' ')).toBe('Z-1 C-1 D-1 SD-1 SS-1 F-1 F-2 DT-1 DT-2');
    expect(events[5]).toMatchObject({
      type: 'NodeAdded',
      version: 1,
      occurredAt: firstDay,
      kind: 'feeder',
      parentId: 'SS-1',
      nameEn: 'Node',
      nameHi: 'बिंदु',
      validFrom: firstDay,
    });
    expect(events[0]?.parentId).toBeNull();
  });

  test('changes nothing the second time', async () => {
    await importAt(firstDay, smallNetwork);

    const { counts } = await importAt(secondDay, smallNetwork);

    expect(counts).toMatchObject({ registered: 0, changed: 0, unchanged: 9 });
    expect(await said(registry.db, TOPIC)).toHaveLength(9);
  });

  test('ends one placement and begins the next where a node moved, and keeps what was', async () => {
    await importAt(firstDay, smallNetwork);

    const move = networkFile({ code: 'DT-1', kind: 'distribution-transformer', parent_code: 'F-2' });
    const { counts } = await importAt(secondDay, move);

    expect(counts).toMatchObject({ rows: 1, changed: 1, moved: 1 });
    expect((await said(registry.db, TOPIC)).at(-1)).toMatchObject({
      type: 'NodeMoved',
      version: 2,
      parentId: 'F-2',
      validFrom: secondDay,
    });
    const before = new Date(secondDay.getTime() - 1);
    expect((await findNetworkNode(registry.db, 'DT-1', before))?.parentCode).toBe('F-1');
    expect((await findNetworkNode(registry.db, 'DT-1', secondDay))?.parentCode).toBe('F-2');
    expect(await findNetworkNode(registry.db, 'DT-1', new Date(firstDay.getTime() - 1))).toBeNull();
  });

  test('moves a node twice in one millisecond without an empty placement', async () => {
    await importAt(firstDay, smallNetwork);
    const on = (parent: string) => networkFile({ code: 'DT-1', kind: 'distribution-transformer', parent_code: parent });

    await importAt(firstDay, on('F-2'));
    await importAt(firstDay, on('F-1'));

    const [row] = await query<{ n: string }>(
      registry.db,
      `select count(*) as n from network_placement where node_code = 'DT-1'`,
    );
    expect(row?.n).toBe('3');
  });

  test('tells a new name without moving the node', async () => {
    await importAt(firstDay, smallNetwork);

    await importAt(secondDay, networkFile({ code: 'F-1', kind: 'feeder', parent_code: 'SS-1', name_hi: 'पोषक' }));

    expect((await said(registry.db, TOPIC)).at(-1)).toMatchObject({
      type: 'NodeChanged',
      version: 2,
      nameHi: 'पोषक',
      validFrom: firstDay,
    });
  });

  test.each([
    ['no code', { code: '' }, '2 code required'],
    ['a code with a space', { code: 'F 1' }, '2 code format'],
    ['a code that could be a number', { code: 'F-9876543210' }, '2 code format'],
    ['a code of Cyrillic letters', { code: 'Ғ-1' }, '2 code format'],
    ['an unknown kind', { code: 'X-1', kind: 'pole' }, '2 kind choice'],
    ['no name', { code: 'X-1', name_en: '' }, '2 name_en required'],
    ['a zone on something', { code: 'Z-2', parent_code: 'Z-1' }, '2 parent_code top'],
    ['an orphan', { code: 'F-9', kind: 'feeder' }, '2 parent_code orphan'],
    ['an unknown parent', { code: 'F-9', kind: 'feeder', parent_code: 'SS-9' }, '2 parent_code unknown'],
    ['a node on itself', { code: 'F-9', kind: 'feeder', parent_code: 'F-9' }, '2 parent_code cycle'],
    ['a feeder on a feeder', { code: 'F-9', kind: 'feeder', parent_code: 'F-1' }, '2 parent_code level-order'],
    ['a substation on a feeder', { code: 'SS-9', kind: 'substation', parent_code: 'F-1' }, '2 parent_code level-order'],
    ['another kind than before', { code: 'F-1', kind: 'substation', parent_code: 'SD-1' }, '2 kind kind-changed'],
    ['a name with a bidi override', { code: 'Z-2', name_en: 'a\u202eb' }, '2 name_en control-character'],
    ['a name of 4,000 characters', { code: 'Z-2', name_en: 'x'.repeat(4_000) }, '2 name_en too-long'],
  ])('refuses %s', async (_name, row, reason) => {
    await importAt(firstDay, smallNetwork);

    expect(await refusals(networkFile(row))).toEqual([reason]);
    expect(await said(registry.db, TOPIC)).toHaveLength(9);
  });

  test('refuses the later of two rows for a node', async () => {
    expect(await refusals(networkFile({ code: 'Z-1' }, { code: 'Z-1', name_en: 'Other' }))).toEqual([
      '3 code duplicate',
    ]);
  });

  test('refuses a circle, and what hangs below it', async () => {
    const file = networkFile(
      { code: 'Z-1' },
      { code: 'C-1', kind: 'circle', parent_code: 'D-1' },
      { code: 'D-1', kind: 'division', parent_code: 'C-1' },
      { code: 'SD-1', kind: 'sub-division', parent_code: 'D-1' },
    );

    expect(await refusals(file)).toEqual([
      '3 parent_code cycle',
      '4 parent_code cycle',
      '5 parent_code parent-refused',
    ]);
  });

  test('refuses what hangs on a refused row, and takes the rest', async () => {
    const file = networkFile(
      { code: 'Z-1' },
      { code: 'C-1', kind: 'circle', parent_code: 'Z-1', name_en: '' },
      { code: 'D-1', kind: 'division', parent_code: 'C-1' },
      { code: 'C-2', kind: 'circle', parent_code: 'Z-1' },
    );

    expect(await refusals(file)).toEqual(['3 name_en required', '4 parent_code parent-refused']);
    expect((await said(registry.db, TOPIC)).map(({ aggregateId }) => aggregateId)).toEqual(['Z-1', 'C-2']);
  });

  test('refuses a move that would close a circle through what is known', async () => {
    await importAt(firstDay, smallNetwork);

    const file = networkFile({ code: 'SS-1', kind: 'substation', parent_code: 'DT-1' });

    expect(await refusals(file)).toEqual(['2 parent_code cycle']);
  });

  test('ends quickly on a chain of thousands', async () => {
    const rows = Array.from({ length: 5_000 }, (_, index) => ({
      code: `F-${index}`,
      kind: 'feeder',
      parent_code: `F-${index + 1}`,
    }));

    const { counts } = await importAt(firstDay, networkFile(...rows));

    expect(counts).toMatchObject({ refused: 5_000, registered: 0 });
  });

  test('takes one placement of a node at a time only', async () => {
    await importAt(firstDay, smallNetwork);
    const insert = `insert into network_placement (node_code, parent_code, valid_from, valid_to) values ('DT-1', 'F-2', :from, :to)`;

    await expect(query(registry.db, insert, { from: secondDay, to: null })).rejects.toThrow(/one_open|one_at_a_time/);
    await expect(query(registry.db, insert, { from: firstDay, to: secondDay })).rejects.toThrow(/one_at_a_time/);
    await expect(query(registry.db, insert, { from: secondDay, to: secondDay })).rejects.toThrow(/half_open/);
  });

  test('lists nodes by kind and parent, page by page', async () => {
    await importAt(firstDay, smallNetwork);
    const codes = async (filter: object) =>
      (await listNetworkNodes(registry.db, { kind: null, parent: null, after: '', limit: 10, ...filter })).map(
        ({ code }) => code,
      );

    expect(await codes({ kind: 'feeder' })).toEqual(['F-1', 'F-2']);
    expect(await codes({ parent: 'SS-1' })).toEqual(['F-1', 'F-2']);
    expect(await codes({ parent: 'F-1' })).toEqual(['DT-1']);
    expect(await codes({ after: 'SD-1', limit: 1 })).toEqual(['SS-1']);
  });
});
