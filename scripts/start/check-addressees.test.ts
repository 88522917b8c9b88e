import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { checkAddressees } from './check-addressees.ts';
import { readStartSettings } from './settings.ts';

const own = {
  SMPP_HOST: 'smsc.example',
  SMPP_SYSTEM_ID: 'uppcl1',
  SMPP_PASSWORD: 'x',
  SMS_HEADER: 'UPPCLT',
  DLT_ENTITY_ID: '1101',
};

const folder = { withTown: '', empty: '' };
beforeAll(() => {
  folder.withTown = mkdtempSync(join(tmpdir(), 'with-town-'));
  folder.empty = mkdtempSync(join(tmpdir(), 'empty-'));
  mkdirSync(join(folder.withTown, 'town'));
  writeFileSync(join(folder.withTown, 'town/loaded'), '');
});
afterAll(() => {
  for (const path of Object.values(folder)) rmSync(path, { recursive: true });
});

test('checkAddressees refuses to text the people of an earlier demonstration', () => {
  const settings = readStartSettings({ ...own, BIJLI_DATA: folder.withTown }, []);

  expect(() => checkAddressees(settings)).toThrow('holds the demonstration town');
});

test.each([
  ['the simulator gets the texts', {}, 'withTown', []],
  ['the data are of one’s own', own, 'empty', []],
  ['it is forgotten first', own, 'withTown', ['--fresh']],
  ['it is meant', own, 'withTown', ['--town']],
] as const)('checkAddressees has nothing to say when %s', (_, env, data, args) => {
  expect(() => checkAddressees(readStartSettings({ ...env, BIJLI_DATA: folder[data] }, args))).not.toThrow();
});
