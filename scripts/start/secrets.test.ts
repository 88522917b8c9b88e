import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { openSecrets } from './secrets.ts';

const place = { folder: '' };
beforeEach(() => {
  place.folder = join(mkdtempSync(join(tmpdir(), 'secrets-')), 'secrets');
});
afterEach(() => rmSync(join(place.folder, '..'), { recursive: true }));

test('secrets are made once, at random, for this user’s eyes only', async () => {
  const secrets = await openSecrets(place.folder);
  const password = await secrets.password('outage_app');
  const again = await openSecrets(place.folder);

  expect(password).toMatch(/^[0-9a-f]{48}$/);
  expect(await again.password('outage_app')).toBe(password);
  expect(await again.password('outage_owner')).not.toBe(password);
  expect(statSync(place.folder).mode & 0o777).toBe(0o700);
  for (const name of readdirSync(place.folder)) expect(statSync(join(place.folder, name)).mode & 0o777).toBe(0o600);
});

test('keys have the forms that the services read', async () => {
  const { files } = await openSecrets(place.folder);

  expect(readFileSync(files.sealKeys, 'utf8')).toMatch(/^[a-z0-9]+:[0-9a-f]{64}$/);
  expect(readFileSync(files.blindIndexKey, 'utf8')).toMatch(/^[0-9a-f]{64}$/);
  expect(readFileSync(files.smppPassword, 'utf8')).toMatch(/^.{1,8}$/);
});
