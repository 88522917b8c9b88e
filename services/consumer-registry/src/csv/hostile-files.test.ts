import { describe, expect, test } from '@jest/globals';
import { connectionColumns } from '../domain/connection-row.ts';
import { checkedLines } from './checked-lines.ts';
import { problemHolder } from './file-problem.ts';
import { holdFile, uploadMemory } from './hold-file.ts';
import { readRows } from './read-rows.ts';
import { wellFormed } from './well-formed.ts';

const header = `${connectionColumns.join()}\n`;
/** Nearly as many lines as a file may have. */
const many = 1_999_990;
const chunkOctets = 65_536;

async function* uploaded(file: Buffer): AsyncGenerator<Buffer> {
  for (let at = 0; at < file.length; at += chunkOctets) yield file.subarray(at, at + chunkOctets);
}

/** Takes a file in and reads it as an import does, without a database; gives its rows, the rule that refused it, and the seconds of a core: those of a clock say how busy the machine is. */
async function readWhole(file: Buffer) {
  const [holder, memory] = [problemHolder(), uploadMemory()];
  const before = process.cpuUsage();
  let rows = 0;
  try {
    const held = await holdFile(
      wellFormed(checkedLines(uploaded(file), holder), connectionColumns, holder),
      memory,
      holder,
    );
    for await (const piece of readRows(held?.pieces() ?? uploaded(file), connectionColumns, holder))
      rows += piece.length;
  } catch (error) {
    if (holder.found().length === 0) throw error;
  }
  const { user, system } = process.cpuUsage(before);
  return { rows, rule: holder.found()[0]?.rule ?? null, coreSeconds: (user + system) / 1_000_000 };
}

describe('a hostile file is read or refused with less than eight seconds of a core', () => {
  test.each<[string, string, number, string | null]>([
    ['two million and one empty lines', '\n'.repeat(2_000_001), 0, 'too-many-rows'],
    ['nearly two million empty lines', '\n'.repeat(many), 0, null],
    ['as many CR', '\r'.repeat(many), 0, null],
    ['as many CRLF', '\r\n'.repeat(many), 0, null],
    ['as many lines of a space', ' \n'.repeat(many), 0, null],
    ['as many rows of commas', ',,,,,,,,,,\n'.repeat(many), 0, null],
    ['as many rows of quoted nothing', '"","",""\n'.repeat(many), 0, null],
    ['as many lines of one quote', '"\n'.repeat(many), 0, null],
    ['as many lines of two quotes', '""\n'.repeat(many), 0, null],
    ['as many lines of one letter', 'x\n'.repeat(many), 0, 'column-count'],
    ['a million columns', `${'x,'.repeat(1_000_000)}\n`, 0, 'line-too-long'],
    ['rows of 16,000 commas', `${','.repeat(16_000)}\n`.repeat(3_000), 0, null],
    ['rows of 16,000 cells', `x${','.repeat(16_000)}\n`.repeat(3_000), 3_000, null],
    ['a quote and a million lines', `"${'\n'.repeat(1_000_000)}`, 0, 'unclosed-quote'],
    ['quotes that are doubled', `"${'""'.repeat(8_000)}"\n`.repeat(1_000), 1_000, null],
  ])('%s', async (_name, content, rows, rule) => {
    const read = await readWhole(Buffer.from(header + content));

    expect(read).toMatchObject(rule === null ? { rows, rule } : { rule });
    expect(read.coreSeconds).toBeLessThan(8);
  });
});
