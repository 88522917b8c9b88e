import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

const main = join(__dirname, 'main.ts');
const account = { SMPP_HOST: 'smsc.example', SMPP_SYSTEM_ID: 'uppcl1', SMS_HEADER: 'UPPCLT', DLT_ENTITY_ID: '1101' };

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'judge-'));
  writeFileSync(join(folder, 'long'), 'p'.repeat(65));
  writeFileSync(join(folder, 'empty'), '');
});
afterAll(() => rmSync(folder, { recursive: true }));

function start(env: Record<string, string>) {
  const data = join(folder, 'data');
  const { status, stderr } = spawnSync(process.execPath, ['--conditions=bijli-source', main], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], INIT_CWD: folder, BIJLI_DATA: data, ...account, ...env },
  });
  return { status, stderr, wasBegun: readdirSync(folder).includes('data') };
}

describe('npm start with an SMSC of one’s own', () => {
  test.each([
    [
      'a password longer than any',
      { SMPP_PASSWORD_FILE: 'long' },
      /^SMPP_PASSWORD: is not a secret of at most 64 ASCII/,
    ],
    ['an empty password file', { SMPP_PASSWORD_FILE: 'empty' }, /^SMPP_PASSWORD/],
    ['a password file that is not there', { SMPP_PASSWORD_FILE: 'nothing' }, /^SMPP_PASSWORD_FILE/],
    ['a window that is none', { SMPP_PASSWORD: 'x', SMPP_WINDOW: '0' }, /^SMPP_WINDOW: is not a whole number from 1/],
  ])('says at once what is wrong with %s, and starts nothing', (_, env, what) => {
    const { status, stderr, wasBegun } = start(env);

    expect(stderr).toMatch(what);
    expect(stderr).not.toContain('ppp');
    expect([status, wasBegun]).toEqual([1, false]);
  });
});
