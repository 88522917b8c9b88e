import { describe, expect, test } from '@jest/globals';
import { readRows } from './read-rows.ts';

const columns = ['code', 'name', 'mobile'];

async function* octets(...pieces: (string | Buffer)[]): AsyncGenerator<Buffer> {
  for (const piece of pieces) yield Buffer.from(piece as string);
}

const read = async (...pieces: (string | Buffer)[]) => {
  const file = readRows(octets(...pieces), columns);
  const rows: unknown[] = [];
  try {
    for await (const piece of file.pieces) rows.push(...piece.map(({ line, cells }) => [line, cells]));
  } catch (error) {
    if (file.problems().length === 0) throw error;
  }
  return { rows, problems: file.problems().map(({ line, field, rule }) => [line, field, rule]) };
};

const all = async <T>(pieces: AsyncIterable<readonly T[]>): Promise<T[]> => {
  const items: T[] = [];
  for await (const piece of pieces) items.push(...piece);
  return items;
};

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
  ])('reads a file with %s', async (_name, text) => {
    const { rows, problems } = await read(text);

    expect(problems).toEqual([]);
    expect(rows.map((row) => (row as unknown[])[1])).toEqual([['A', 'x', '1']]);
  });

  test('counts lines through empty ones and through cells of several lines', async () => {
    const { rows } = await read('code,name,mobile\n\nA,"x\ny\r\nz",1\nB,x,2\n');

    expect(rows).toEqual([
      [3, ['A', 'x\ny\r\nz', '1']],
      [6, ['B', 'x', '2']],
    ]);
  });

  test('does not mind where the network cuts the octets', async () => {
    const { rows } = await read(...bytewise('code,name,mobile\r\nA,पोषक,९८\r\n'));

    expect(rows).toEqual([[2, ['A', 'पोषक', '९८']]]);
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
    const file = readRows(octets('9876543210,name,mobile\n'), columns);
    await expect(all(file.pieces)).rejects.toThrow('the file cannot be read');

    expect(JSON.stringify(file.problems())).not.toContain('9876543210');
  });

  test('passes on that the upload broke off', async () => {
    async function* broken(): AsyncGenerator<Buffer> {
      yield Buffer.from('code,name,mobile\nA,x,1\n');
      throw new Error('the line went dead');
    }
    const file = readRows(broken(), columns);

    await expect(all(file.pieces)).rejects.toThrow('the line went dead');
    expect(file.problems()).toEqual([]);
  });
});
