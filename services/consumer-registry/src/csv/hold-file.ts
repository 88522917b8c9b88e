import { promisify } from 'node:util';
import { constants, zstdCompress, zstdDecompress } from 'node:zlib';
import type { ProblemHolder } from './file-problem.ts';

const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);

/** Octets that are compressed together: rows of a file are alike, and larger blocks gain little. */
const BLOCK_OCTETS = 128 * 1024;
/** Octets of the largest file when it is compressed. A district of 462,000 connections has 60 MB, compressed 11 MB. */
const LARGEST_FILE = 64 * 1024 * 1024;
/** Octets that all files together may take while they are held. */
const LARGEST_SUM = 96 * 1024 * 1024;
const FASTEST = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

/** Room in memory for files that are being uploaded, shared by all of them; counted in octets. */
export type UploadMemory = { held: number };

/** Makes the room of one process. */
export const uploadMemory = (): UploadMemory => ({ held: 0 });

/** A file that is here as a whole, compressed in memory: it may hold numbers, which stand on no disk. */
export type HeldFile = {
  /** Gives the pieces again, once: as they were, or some of them together. */
  pieces(): AsyncGenerator<Buffer>;
  /** Gives its room back. */
  release(): void;
};

/** Puts pieces together to blocks, in one buffer: each block is to be used before the next is asked for. */
async function* gathered(pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const block = Buffer.allocUnsafe(BLOCK_OCTETS);
  let octets = 0;
  for await (const piece of pieces) {
    if (octets + piece.length > BLOCK_OCTETS) {
      if (octets > 0) yield block.subarray(0, octets);
      octets = 0;
    }
    if (piece.length > BLOCK_OCTETS) yield piece;
    else octets += piece.copy(block, octets);
  }
  if (octets > 0) yield block.subarray(0, octets);
}

/** Unpacks the blocks and takes each out of the list, so that its memory is free when its rows are. */
async function* unpacked(blocks: Buffer[]): AsyncGenerator<Buffer> {
  const unpackNext = (): Promise<Buffer> | null => {
    const block = blocks.shift();
    return block === undefined ? null : decompress(block);
  };
  // The next block is unpacked by another thread while this one is read.
  for (let next = unpackNext(); next !== null; ) {
    const block = await next;
    next = unpackNext();
    yield block;
  }
}

/**
 * Takes in a file whole, so that nothing waits for its sender any more. Null where there is no room at the moment; stops the holder at a file that
 * is larger than there ever is.
 */
export async function holdFile(
  pieces: AsyncIterable<Buffer>,
  memory: UploadMemory,
  holder: ProblemHolder,
): Promise<HeldFile | null> {
  const blocks: Buffer[] = [];
  let octets = 0;
  const release = (): void => {
    memory.held -= octets;
    octets = 0;
  };
  try {
    for await (const block of gathered(pieces)) {
      const packed = await compress(block, FASTEST);
      blocks.push(packed);
      octets += packed.length;
      memory.held += packed.length;
      if (octets > LARGEST_FILE)
        holder.stop([{ line: 1, field: '', rule: 'too-large', detail: 'The file is too large; import it in parts' }]);
      if (memory.held > LARGEST_SUM) {
        release();
        return null;
      }
    }
  } catch (error) {
    release();
    throw error;
  }
  return { pieces: () => unpacked(blocks), release };
}
