import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { explainAnswer } from './explain-answer.ts';
import { inspectFile } from './inspect-file.ts';
import { readImportOptions } from './read-options.ts';
import { reasonsOf, writeRows } from './refused-rows.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'bijli-import-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function written(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

describe('the options', () => {
  const read = (...args: string[]) => readImportOptions({ BIJLI_PORT: '19000', INIT_CWD: '/here' }, args);

  test('name the files from where the user is, network first, and the services of this machine', () => {
    expect(read('--connections', '../c.csv', '--network', '/there/n.csv')).toEqual({
      files: [
        { kind: 'network', path: '/there/n.csv' },
        { kind: 'connections', path: '/c.csv' },
      ],
      registry: 'http://127.0.0.1:19001',
      notifier: 'http://127.0.0.1:19005',
      refusedFile: null,
      isDryRun: false,
    });
  });

  test('wait for no notifier that nobody named, where the registry is elsewhere', () => {
    expect(read('--network', 'n.csv', '--registry', 'https://registry.example/')).toMatchObject({
      registry: 'https://registry.example',
      notifier: null,
    });
  });

  test.each([
    [[], /^Name a file to import: npm run import/],
    [['--netwrok', 'n.csv'], /^Unknown option '--netwrok': npm run import/],
    [['n.csv'], /npm run import/],
    [['--network', 'n.csv', '--registry', 'registry'], /^"registry" is no address/],
  ])('refuse %j', (args, message) => {
    expect(() => read(...args)).toThrow(message);
  });
});

describe('a file before it is sent', () => {
  test('is counted, with or without a line end at its end', async () => {
    const whole = await inspectFile('network', written('whole.csv', '\ufeffcode,kind\r\nA,zone\r\n'));
    const open = await inspectFile('network', written('open.csv', 'code,kind\nA,zone\nB,zone'));

    expect(whole).toMatchObject({ name: 'whole.csv', lines: 2, header: 'code,kind' });
    const returns = await inspectFile('network', written('returns.csv', 'sep=;\rcode;kind\rA;zone\r'));
    expect(returns).toMatchObject({ lines: 3, header: 'code,kind' });
    expect(open).toMatchObject({ lines: 3 });
  });

  test.each([
    ['a spreadsheet', 'PK\u0003\u0004…', 'is a spreadsheet or a zip archive, not CSV'],
    ['a PDF', '%PDF-1.7', 'is a PDF, not CSV'],
    ['nothing', '', 'is empty'],
  ])('is refused when it is %s', async (_name, content, message) => {
    await expect(inspectFile('network', written('other.csv', content))).rejects.toThrow(message);
  });

  test('is refused when it is not there, or a folder', async () => {
    await expect(inspectFile('network', join(folder, 'gone.csv'))).rejects.toThrow(/gone.csv is not there/);
    await expect(inspectFile('network', folder)).rejects.toThrow('is no file');
  });
});

describe('an answer that is no report', () => {
  const file = {
    kind: 'network',
    path: 'n.csv',
    name: 'n.csv',
    bytes: 1,
    lines: 9,
    header: 'code,kind,Feeder name,98',
  } as const;
  const invalid = (...errors: object[]) => ({ status: 400, body: JSON.stringify({ code: 'invalid-file', errors }) });

  test.each([
    [invalid({ rule: 'utf-16', line: 1 }), /^n.csv is UTF-16: save it as UTF-8/],
    [invalid({ rule: 'utf-8', line: 17 }), /^Line 17 of n.csv is not UTF-8 \(Latin-1/],
    [
      invalid(
        { rule: 'unknown-column', field: '/body/1/column 3' },
        { rule: 'unknown-column', field: '/body/1/column 4' },
        { rule: 'missing-column', field: '/body/1/name_en' },
        { rule: 'missing-column', field: '/body/1/name_hi' },
      ),
      'The columns of n.csv are wrong: missing name_en, name_hi; unknown Feeder name (column 3), column 4. docs/how-to/import-your-district.md has the list.',
    ],
    [
      invalid({ rule: 'unclosed-quote', detail: 'Line 3: A quote is opened here and never closed' }),
      /^n.csv is not CSV: Line 3: A quote is opened here/,
    ],
    [
      invalid({ rule: 'too-many-rows', detail: 'Line 2000001: A file has at most 2000000 lines' }),
      'n.csv cannot be taken: Line 2000001: A file has at most 2000000 lines. Import it in parts; nothing was taken.',
    ],
    [
      invalid({ rule: 'column-count', detail: 'Line 9: More' }),
      /^n.csv cannot be taken: Line 9: More. Quote the cells/,
    ],
    [{ status: 409, body: '{"code":"import-running"}' }, /^Another import is running/],
    [{ status: 503, body: '{"code":"no-room"}' }, /^Too much is being uploaded: run the same command again/],
    [{ status: 408, body: '{"code":"too-slow"}' }, /^Nothing of n.csv came for 10 s/],
    [{ status: 502, body: '<html>' }, /^consumer-registry answered 502/],
  ])('is explained: %j', (answer, message) => {
    expect(explainAnswer(file, answer)).toEqual(typeof message === 'string' ? message : expect.stringMatching(message));
  });

  test('names another separator', () => {
    const answer = invalid({ rule: 'unknown-column', field: '/body/1/column 1' });

    expect(explainAnswer({ ...file, header: 'code;kind;name' }, answer)).toContain(
      'divided by ";" and not by commas: make "sep=;" its first line',
    );
  });
});

describe('refused rows', () => {
  const lines = [
    '2,warning,mobile,length,•••,is short',
    '3,refused,category,choice,"\'=x","is not one of a, b"',
    '4,refused,category,choice,xx,"is not one of a, b"',
    '5,refused,,column-count,,has more cells',
  ];

  test('are told reason by reason, refusals first', () => {
    expect(reasonsOf(lines)).toEqual([
      '        2 refused: category is not one of a, b',
      '        1 refused: has more cells',
      '        1 warning: mobile is short',
    ]);
  });

  test('are written into a file of a new name where one is there', async () => {
    const wanted = join(folder, 'refused.csv');

    expect(await writeRows(wanted, [{ name: 'a.csv', lines: lines.slice(0, 1) }])).toBe(wanted);
    expect(await writeRows(wanted, [{ name: '=b,c.csv', lines: lines.slice(1, 2) }])).toBe(
      join(folder, 'refused-2.csv'),
    );

    expect(readFileSync(wanted, 'utf8')).toBe(
      'file,line,severity,field,rule,value,reason\na.csv,2,warning,mobile,length,•••,is short\n',
    );
    expect(readFileSync(join(folder, 'refused-2.csv'), 'utf8').split('\n')[1]).toBe(
      `"'=b,c.csv",3,refused,category,choice,"'=x","is not one of a, b"`,
    );
  });
});

const examples = join(__dirname, '../../../docs/examples/district');
const hasPython = spawnSync('python3', ['--version']).status === 0;

describe('the documented conversion', () => {
  const converted = (program: string, script: string) => {
    const to = join(folder, script);
    mkdirSync(to);
    execFileSync(program, [join(examples, script), join(examples, 'own-format.csv'), to]);
    return ['network.csv', 'connections.csv'].map((name) => readFileSync(join(to, name), 'utf8'));
  };

  test('keeps every row in its line', () => {
    const [network = '', connections = ''] = converted(process.execPath, 'convert.mjs');

    const lines = readFileSync(join(examples, 'own-format.csv'), 'utf8').split('\n');
    expect(connections.split('\n')).toHaveLength(lines.length);
    expect(connections.split('\n')[1]).toMatch(/^"9200000001","domestic","active","F-[0-9a-f]{8}",/);
    expect(network.split('\n')[1]).toBe('"Z-OWN","zone","","District","जनपद"');
  });

  // Where there is no Python, nobody converts with it.
  if (hasPython)
    test('is the same in Python', () => {
      expect(converted('python3', 'convert.py')).toEqual(
        ['network.csv', 'connections.csv'].map((name) => readFileSync(join(folder, 'convert.mjs', name), 'utf8')),
      );
    });
});
