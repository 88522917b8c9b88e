import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { openBoundedFile } from './bounded-file.ts';

describe('a bounded file', () => {
  const place = { folder: '', path: '' };
  beforeEach(() => {
    place.folder = mkdtempSync(join(tmpdir(), 'bounded-'));
    place.path = join(place.folder, 'logs/outage.log');
  });
  afterEach(() => rmSync(place.folder, { recursive: true }));

  test('keeps the newest lines whole and never grows past its bound', () => {
    const file = openBoundedFile(place.path, 1_000);

    for (let line = 0; line < 200; line += 1) file.append(`line ${line}\n`);
    file.close();

    const kept = readFileSync(`${place.path}.1`, 'utf8') + readFileSync(place.path, 'utf8');
    expect(kept.length).toBeLessThanOrEqual(1_000);
    expect(kept).toMatch(/^line \d+\n/);
    expect(kept.endsWith('line 198\nline 199\n')).toBe(true);
  });

  test('goes on where it was, for this user’s eyes only', () => {
    for (const text of ['one\n', 'two\n']) {
      const file = openBoundedFile(place.path, 1_000);
      file.append(text);
      file.close();
    }

    expect(readFileSync(place.path, 'utf8')).toBe('one\ntwo\n');
    expect(statSync(place.path).mode & 0o777).toBe(0o600);
  });

  test('does nothing with last words that come after it was closed', () => {
    const file = openBoundedFile(place.path, 1_000);
    file.close();

    file.append('late\n');

    expect(readFileSync(place.path, 'utf8')).toBe('');
  });
});
