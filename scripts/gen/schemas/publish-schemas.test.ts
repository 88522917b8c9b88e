import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { checkSchemas } from './schemas-check.ts';
import { publishSchemas } from './publish-schemas.ts';
import { readIds, readSchemas } from './schema-files.ts';

const folder = mkdtempSync(join(tmpdir(), 'schemas-'));
const repository = join(__dirname, '..', '..', '..');
const schemaPath = join(folder, 'outage', 'outage.avsc');

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

function addField(field: object): void {
  const schema = readSchemas(folder).find(({ name }) => name === 'outage/outage')?.schema ?? {};
  write(schemaPath, JSON.stringify({ ...schema, fields: [...(schema['fields'] as object[]), field] }));
}

function publish(): ReturnType<typeof publishSchemas> {
  const publication = publishSchemas(folder);
  for (const [path, text] of publication.files) write(join(folder, path), text);
  return publication;
}

afterAll(() => rmSync(folder, { recursive: true }));

describe('publishing', () => {
  test('has nothing to do where nothing changed on the wire', () => {
    cpSync(join(repository, 'schemas'), folder, { recursive: true });

    expect(publish()).toEqual({ problems: [], published: [], files: new Map() });
  });

  test('makes the next version with the next id, and what was there stays', () => {
    addField({
      name: 'cancelledAt',
      type: ['null', { type: 'long', logicalType: 'timestamp-millis' }],
      default: null,
      doc: 'When it was cancelled, UTC, milliseconds.',
    });
    expect(checkSchemas(folder).map(({ rule }) => rule)).toEqual(['published']);

    const nextId = readIds(folder).length + 1;
    const { published, files } = publish();

    expect(published).toEqual([`outage.outage.v1-value v3 (id ${nextId})`]);
    expect([...files.keys()]).toEqual([
      'published/outage.outage.v1-value/v3.avsc',
      'published/outage.outage.v1-value/v3.golden.json',
      'published/ids.json',
    ]);
    expect(checkSchemas(folder)).toEqual([]);
  });

  test('refuses what an older version cannot read, and writes nothing', () => {
    addField({ name: 'crew', type: 'string', doc: 'Who works on it.' });

    const { problems, files } = publish();

    expect(problems.map(({ rule, detail }) => `${rule}: ${detail}`)).toEqual([
      'compatible: v1 and the new one: crew: is missing on one side and has no default',
      'compatible: v2 and the new one: crew: is missing on one side and has no default',
      'compatible: v3 and the new one: crew: is missing on one side and has no default',
    ]);
    expect(files.size).toBe(0);
  });
});
