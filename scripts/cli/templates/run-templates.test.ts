import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { shippedTexts } from '@bijli/notifier/texts';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { runTemplates } from './run-templates.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'templates-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const run = (...args: string[]) => runTemplates(args, folder);
const page = (path: string): string => readFileSync(join(import.meta.dirname, '../../..', path), 'utf8');
/** What a page shows below a command, up to the end of its block. */
const shownBelow = (text: string, command: string): string =>
  text
    .slice(text.indexOf(command) + command.length + 1)
    .split('```')[0]
    ?.trimEnd() ?? '';

describe('npm run templates', () => {
  test('exports the shipped texts, which nothing is wrong with, and never over what is there', () => {
    expect(run('export', 'own.json')).toMatchObject({ exitCode: 0 });
    expect(JSON.parse(readFileSync(join(folder, 'own.json'), 'utf8'))).toEqual(shippedTexts);
    expect(run('export', 'own.json')).toEqual({ exitCode: 1, output: 'own.json is there already: name a new file' });

    const { exitCode, output } = run('check', 'own.json');
    expect(exitCode).toBe(0);
    expect(output).toMatch(/^planned\.same-day\.one\.hi {8}70 of 70 units \(ucs-2\), 1 of 1 part$/m);
    expect(output.split('\n').at(-1)).toBe('own.json: 62 texts, 10 causes, 1 operator, nothing wrong');
  });

  test('finds nothing wrong with the shipped texts saved with a BOM', () => {
    writeFileSync(join(folder, 'bom.json'), `\ufeff${JSON.stringify(shippedTexts)}`);

    expect(run('check', 'bom.json')).toMatchObject({ exitCode: 0, output: expect.stringMatching(/nothing wrong$/) });
  });

  test('shows what the how-to shows: a text that no operator would take', () => {
    const howTo = page('docs/how-to/change-the-texts.md');
    const changed = JSON.parse(/^\{ "key".*\}$/m.exec(howTo)?.[0] ?? '') as (typeof shippedTexts.templates)[number];
    const templates = shippedTexts.templates.map((each) => (each.key === changed.key ? changed : each));
    writeFileSync(join(folder, 'my-texts.json'), JSON.stringify({ ...shippedTexts, templates }));

    const { exitCode, output } = run('check', 'my-texts.json');
    expect(exitCode).toBe(1);
    expect(output.split('\n\n').slice(1).join('\n\n')).toBe(
      shownBelow(howTo, 'npm run templates -- check my-texts.json'),
    );
  });

  test('lists texts with their ids, the shipped ones unless told', () => {
    expect(run('list').output.split('\n')).toHaveLength(62);
    expect(run('list').output).toMatch(
      /^restored\.one\.en {15}1107160000000000018 {2}A\/c \{account\}: power was restored/m,
    );
    expect(run('list', 'none.json')).toMatchObject({ exitCode: 1 });
  });

  test('says what it does when it is asked, as its page shows, and when it is asked for something else', () => {
    const { exitCode, output } = run('--help');
    expect([exitCode, output]).toEqual([
      0,
      shownBelow(page('scripts/cli/templates/README.md'), 'npm run templates -- --help'),
    ]);
    for (const args of [[], ['check'], ['export'], ['check', 'a', 'b'], ['send', 'a'], ['--verbose']])
      expect(run(...args)).toEqual({ exitCode: 1, output });
    expect(run('help')).toEqual({ exitCode: 0, output });
  });

  test.each<[what: string, content: string | Buffer | null, problem: string]>([
    ['that is not there', null, 'the file cannot be read, or is larger than 1 MB'],
    ['that is no JSON', '{', 'the file: is not JSON'],
    ['saved as UTF-16', Buffer.from(JSON.stringify(shippedTexts), 'utf16le'), 'the file: is UTF-16: save it as UTF-8'],
    [
      'with a field of another form',
      JSON.stringify({ ...shippedTexts, helpline: 'call' }),
      'helpline: write 1 to 12 digits',
    ],
    ['that is too large', ' '.repeat(1_000_001), 'the file cannot be read, or is larger than 1 MB'],
  ])('names what is wrong with a file %s', (_what, content, problem) => {
    if (content !== null) writeFileSync(join(folder, 'odd.json'), content);

    expect(run('check', content === null ? 'nowhere.json' : 'odd.json')).toMatchObject({
      exitCode: 1,
      output: expect.stringContaining(problem),
    });
  });
});
