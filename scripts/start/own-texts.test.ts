import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { shippedTexts } from '@bijli/notifier/texts';
import { judgeOwnTexts } from './own-texts.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'texts-'));
  writeFileSync(join(folder, 'good.json'), JSON.stringify(shippedTexts));
  writeFileSync(
    join(folder, 'bad.json'),
    JSON.stringify({ ...shippedTexts, templates: shippedTexts.templates.slice(2) }),
  );
});
afterAll(() => rmSync(folder, { recursive: true }));

describe("the user's own texts", () => {
  test('are none, or such as can be sent, named from where the user is', () => {
    expect(() => judgeOwnTexts({})).not.toThrow();
    expect(() => judgeOwnTexts({ TEMPLATES_FILE: 'good.json', INIT_CWD: folder })).not.toThrow();
  });

  test('are refused with everything that is wrong, before servers are started', () => {
    expect(() => judgeOwnTexts({ TEMPLATES_FILE: join(folder, 'bad.json') })).toThrow(
      /cannot be sent: .*\n {2}template planned\.same-day\.one\.hi: is missing\n {2}template planned\.same-day\.one\.en: is missing$/,
    );
    expect(() => judgeOwnTexts({ TEMPLATES_FILE: join(folder, 'none.json') })).toThrow(/the file cannot be read/);
  });
});
