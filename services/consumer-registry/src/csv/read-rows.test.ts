import { describe, expect, test } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { checkedLines } from './checked-lines.ts';
import { problemHolder } from './file-problem.ts';
import { readRows } from './read-rows.ts';

const columns = ['code', 'name', 'mobile'];

async function* octets(...pieces: (string | Buffer)[]): AsyncGenerator<Buffer> {
  for (const piece of pieces) yield Buffer.from(piece as string);
}

async function readFile(source: AsyncIterable<Buffer>) {
  const holder = problemHolder();
  const rows: [number, readonly string[] | null][] = [];
  try {
    for await (const piece of readRows(checkedLines(source, holder), columns, holder))
      for (const { line, cells } of piece) rows.push([line, cells]);
  } catch (error) {
    if (holder.found().length === 0) throw error;
  }
  return { rows, problems: holder.found() };
}

async function read(...pieces: (string | Buffer)[]) {
  const { rows, problems } = await readFile(octets(...pieces));
  return { rows, problems: problems.map(({ line, field, rule }) => [line, field, rule]) };
}

const bytewise = (text: string): Buffer[] => [...Buffer.from(text)].map((octet) => Buffer.from([octet]));

describe('readRows', () => {
  test('gives the cells in the wanted order, trimmed, with their lines', async () => {
    const { rows, problems } = await read('mobile,code,name\n1, A ,x\n2,B,"y, z"\n');

    expect(problems).toEqual([]);
    expect(rows).toEqual([
      [2, ['A', 'x', '1']],
      [3, ['B', 'y, z', '2']],
    ]);
  });

  test.each([
    ['a BOM', '\ufeffcode,name,mobile\nA,x,1\n'],
    ['CRLF', 'code,name,mobile\r\nA,x,1\r\n'],
    ['no line end at the end', 'code,name,mobile\nA,x,1'],
    ['CRLF after LF', 'code,name,mobile\nA,x,1\r\n'],
    ['empty lines', 'code,name,mobile\n\n \r\nA,x,1\n\n'],
    ['spaces around names', ' code ,name , mobile\nA,x,1\n'],
    ['CR alone', 'code,name,mobile\rA,x,1\r'],
    ['CR alone, and none at the end', 'code,name,mobile\rA,x,1'],
    ['every kind of line end', '\r\r\ncode,name,mobile\r\n\n\rA,x,1\r\r'],
  ])('reads a file with %s', async (_name, text) => {
    const { rows, problems } = await read(text);

    expect(problems).toEqual([]);
    expect(rows.map(([, cells]) => cells)).toEqual([['A', 'x', '1']]);
  });

  test.each([
    ['a comma', 'sep=,\ncode,name,mobile\nA,x,1\n'],
    ['a semicolon', 'sep=;\ncode;name;mobile\nA;"x";1\n'],
    ['a semicolon after a BOM', '\ufeffsep=;\r\ncode;name;mobile\r\nA;x;1\r\n'],
    ['a tab', 'SEP=\t\rcode\tname\tmobile\rA\tx\t1\r'],
    ['a bar, in quotes', '"sep=|"\ncode|name|mobile\nA|x|1\n'],
  ])('takes a first line that says that cells are divided by %s', async (_name, text) => {
    expect(await read(text)).toEqual({ rows: [[3, ['A', 'x', '1']]], problems: [] });
  });

  test.each([
    ['commas', ',,\n'],
    ['spaces and quotes', ' ,"", \n'],
    ['more commas than columns', ',,,,,,,\n'],
    ['fewer commas than columns', ',\n'],
    ['no-break spaces', '\u00a0,\u00a0,\n'],
  ])('skips rows of %s, before the header as well, and counts them', async (_name, blank) => {
    const { rows, problems } = await read(`${blank}code,name,mobile\n${blank}${blank}A,x,1\n${blank}`);

    expect(problems).toEqual([]);
    expect(rows).toEqual([[5, ['A', 'x', '1']]]);
  });

  test('does not take a cell behind the columns for a blank row', async () => {
    expect((await read('code,name,mobile\n,,,,,x\n')).rows).toEqual([[2, null]]);
  });

  test('counts lines through empty ones and through cells of several lines', async () => {
    const { rows } = await read('code,name,mobile\n\nA,"x\ny\r\nz",1\nB,x,2\n');

    expect(rows).toEqual([
      [3, ['A', 'x\ny\nz', '1']],
      [6, ['B', 'x', '2']],
    ]);
  });

  test.each([
    ['CRLF', 'code,name,mobile\r\nA,पोषक,९८\r\n\r\nB,"x\r\n""y""",1\r\n'],
    ['CR', 'code,name,mobile\rA,पोषक,९८\r\rB,"x\r""y""",1\r'],
    ['LF', 'code,name,mobile\nA,पोषक,९८\n\nB,"x\n""y""",1\n'],
  ])('does not mind where the network cuts octets with %s', async (_name, text) => {
    const { rows } = await read(...bytewise(text));

    expect(rows).toEqual([
      [2, ['A', 'पोषक', '९८']],
      [4, ['B', 'x\n"y"', '1']],
    ]);
  });

  test('reads what another reader of RFC 4180 reads, wherever it is cut', async () => {
    const cell = fc.string({ unit: fc.constantFrom(...'ab1,"\n प'), maxLength: 6 });
    const written = fc.array(fc.tuple(cell, cell, cell), { maxLength: 8 });
    const quoted = (text: string, always: boolean): string =>
      always || /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
    await fc.assert(
      fc.asyncProperty(
        written,
        fc.constantFrom('\n', '\r\n'),
        fc.boolean(),
        fc.nat(),
        async (rows, end, always, at) => {
          const lines = rows.map((cells) => `${cells.map((text) => quoted(text, always)).join()}${end}`);
          const file = Buffer.from(`code,name,mobile${end}${lines.join('')}`);
          const cut = at % file.length;

          const found = (await readFile(octets(file.subarray(0, cut), file.subarray(cut)))).rows;

          const theirs = (parse(file) as string[][]).slice(1).map((cells) => cells.map((text) => text.trim()));
          expect(found.map(([, cells]) => cells)).toEqual(theirs.filter((cells) => cells.some((text) => text !== '')));
        },
      ),
    );
  });

  test('gives no cells for a row of another width, and reads on', async () => {
    const { rows } = await read('code,name,mobile\nA,x\nB,x,1,2\nC,x,1\n');

    expect(rows).toEqual([
      [2, null],
      [3, null],
      [4, ['C', 'x', '1']],
    ]);
  });

  test.each([
    [
      'nothing',
      '',
      [
        [1, 'code', 'missing-column'],
        [1, 'name', 'missing-column'],
        [1, 'mobile', 'missing-column'],
      ],
    ],
    ['a missing column', 'code,name\n', [[1, 'mobile', 'missing-column']]],
    ['an unknown column', 'code,name,mobile,age\n', [[1, 'column 4', 'unknown-column']]],
    ['a column twice', 'code,name,mobile,code\n', [[1, 'code', 'duplicate-column']]],
    ['UTF-16', Buffer.from('\ufeffcode,name,mobile\n', 'utf16le'), [[1, '', 'utf-16']]],
    ['UTF-16 without mark', Buffer.from('code,name,mobile\n', 'utf16le'), [[1, '', 'utf-16']]],
    ['UTF-16, big endian', Buffer.from('\ufeffcode,name,mobile\n', 'utf16le').swap16(), [[1, '', 'utf-16']]],
    ['a line without end', `code,name,mobile\nA,${'x'.repeat(100_000)}`, [[2, '', 'line-too-long']]],
    ['a million columns', 'x,'.repeat(1_000_000), [[1, '', 'line-too-long']]],
    ['a row too long', `code,name,mobile\nA,"${'x\n'.repeat(10_000)}",1\n`, [[2, 'name', 'unclosed-quote']]],
    ['a quote left open', 'code,name,mobile\nA,x,1\nB,"y,2\nC,z,3\n', [[3, 'name', 'unclosed-quote']]],
    ['a quote in a cell', 'code,name,mobile\nA,x"y,1\n', [[2, 'name', 'misplaced-quote']]],
    ['an unknown separator', 'sep=:\ncode:name:mobile\n', [[1, '', 'separator']]],
    ['a line of 20,000 characters', `code,name,mobile\nA,${'x'.repeat(20_000)},1\n`, [[2, '', 'line-too-long']]],
    [
      'a quote that is closed too late',
      `code,name,mobile\nA,"${'x'.repeat(20_000)}",1\n`,
      [[2, 'name', 'unclosed-quote']],
    ],
    ['a header that is none, below other lines', 'sep=;\n;;\ncode;name\n', [[3, 'mobile', 'missing-column']]],
    ['text after a quote', 'code,name,mobile\nA,"x"y,1\n', [[2, 'name', 'misplaced-quote']]],
  ])('refuses %s', async (_name, text, problems) => {
    expect((await read(text)).problems).toEqual(problems);
  });

  test('names the line that is no UTF-8', async () => {
    const latin1 = Buffer.from('B,\xe9t\xe9,2\n', 'latin1');

    expect((await read('code,name,mobile\nA,x,1\n', latin1)).problems).toEqual([[3, '', 'utf-8']]);
    expect((await read('code,name,mobile\nA,x,1\n', Buffer.concat([Buffer.from('A,x,1\n'), latin1]))).problems).toEqual(
      [[4, '', 'utf-8']],
    );
  });

  test('never repeats a cell in a problem', async () => {
    const { problems } = await readFile(octets('9876543210,name,mobile\n'));

    expect(problems).toHaveLength(2);
    expect(JSON.stringify(problems)).not.toContain('9876543210');
  });

  test('passes on that the upload broke off', async () => {
    async function* broken(): AsyncGenerator<Buffer> {
      yield Buffer.from('code,name,mobile\nA,x,1\n');
      throw new Error('the line went dead');
    }

    await expect(readFile(broken())).rejects.toThrow('the line went dead');
  });
});
