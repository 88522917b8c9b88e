import { randomBytes } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { problemHolder } from './file-problem.ts';
import { type HeldFile, holdFile, uploadMemory } from './hold-file.ts';

async function* octets(...pieces: (string | Buffer)[]): AsyncGenerator<Buffer> {
  for (const piece of pieces) yield Buffer.from(piece as string);
}

async function textOf(file: HeldFile | null): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of file?.pieces() ?? []) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}

const megabyte = 1024 * 1024;
/** Hexadecimal digits of chance: nothing gets them much below half their size. */
const chance = (octetsOfText: number): string => randomBytes(octetsOfText / 2).toString('hex');
async function* chances(megabytes: number): AsyncGenerator<Buffer> {
  for (let made = 0; made < 64 * megabytes; made += 1) yield Buffer.from(`${chance(16_382)}\n`);
}

describe('holdFile', () => {
  test.each([
    ['nothing', []],
    ['one piece', ['code,name\n']],
    ['many small pieces', Array.from({ length: 50_000 }, (_, index) => `${index},पोषक\n`)],
    ['large pieces between small ones', ['a\n', chance(60_000), '\n', 'b\n'.repeat(70_000), 'c\n', chance(16_384)]],
  ])('gives back %s as it came', async (_name, pieces) => {
    const file = await holdFile(octets(...pieces), uploadMemory(), problemHolder());

    expect((await textOf(file)) === pieces.join('')).toBe(true);
  });

  test('holds a file of rows in a fraction of its size, and gives the room back', async () => {
    const memory = uploadMemory();
    const row = (at: number) =>
      `${4_100_000_000 + at},domestic,active,DT-1,"${at}, Station Road",,UP${at},,98765${at},hi,\n`;

    const file = await holdFile(octets(...Array.from({ length: 20_000 }, (_, at) => row(at))), memory, problemHolder());

    expect(memory.held).toBeGreaterThan(0);
    expect(memory.held).toBeLessThan(500_000);
    file?.release();
    file?.release();
    expect(memory.held).toBe(0);
  });

  test('has no room for more than so much, and gives back what it took of it', async () => {
    const memory = { held: 95 * megabyte };

    expect(await holdFile(chances(3), memory, problemHolder())).toBeNull();
    expect(memory.held).toBe(95 * megabyte);
  });

  test('has room for some hundred files of which nothing comes, and not for a thousand', async () => {
    const memory = uploadMemory();
    const { promise: mayEnd, resolve: end } = Promise.withResolvers<void>();
    async function* silent(): AsyncGenerator<Buffer> {
      await mayEnd;
      yield Buffer.from('code\n');
    }

    const files = Array.from({ length: 1_000 }, () => holdFile(silent(), memory, problemHolder()));
    end();

    const held = (await Promise.all(files)).filter((file) => file !== null);
    expect(held.length).toBeGreaterThan(200);
    expect(held.length).toBeLessThan(500);
    for (const file of held) file.release();
    expect(memory.held).toBe(0);
  });

  test('refuses a file that is larger than there ever is', async () => {
    const memory = uploadMemory();
    const holder = problemHolder();

    await expect(holdFile(chances(140), memory, holder)).rejects.toThrow('the file cannot be read');

    expect(holder.found()).toMatchObject([{ rule: 'too-large' }]);
    expect(memory.held).toBe(0);
  });

  test('gives its room back when the upload breaks off', async () => {
    const memory = uploadMemory();
    async function* broken(): AsyncGenerator<Buffer> {
      yield* chances(1);
      throw new Error('the line went dead');
    }

    await expect(holdFile(broken(), memory, problemHolder())).rejects.toThrow('the line went dead');
    expect(memory.held).toBe(0);
  });
});
