import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { constants, createZstdCompress, createZstdDecompress } from 'node:zlib';
import { wholeLines } from './checked-lines.ts';
import type { ProblemHolder } from './file-problem.ts';

/** Octets of the largest file when it is compressed. A district of 462,000 connections has 60 MB, compressed 10 MB. */
const LARGEST_FILE = 64 * 1024 * 1024;
/** Octets that a compressor takes for itself, from the first octet of a file. */
const COMPRESSOR_OCTETS = 256 * 1024;
/** Octets that all files together may take while they are held. */
const LARGEST_SUM = 96 * 1024 * 1024;
/** Octets that come out of the compressor, and of the other one, at a time. */
const CHUNK_OCTETS = 64 * 1024;
const FASTEST = { chunkSize: CHUNK_OCTETS, params: { [constants.ZSTD_c_compressionLevel]: 1 } };

/** Room in memory for files that are being uploaded, shared by all of them; counted in octets. */
export type UploadMemory = { held: number };

/** Makes the room of one process. */
export function uploadMemory(): UploadMemory {
  return { held: 0 };
}

/** A file that is here as a whole, compressed in memory: it may hold numbers, which stand on no disk. */
export type HeldFile = {
  /** Gives the lines again, once, in other pieces. */
  pieces(): AsyncGenerator<Buffer>;
  /** Gives its room back. */
  release(): void;
};

/** Takes each part out of the list, so that its memory is free when it is unpacked. */
function* takenFrom(parts: Buffer[]): Generator<Buffer> {
  for (let part = parts.shift(); part !== undefined; part = parts.shift()) yield part;
}

const unpacked = (parts: Buffer[]): AsyncGenerator<Buffer> =>
  wholeLines(Readable.from(takenFrom(parts)).pipe(createZstdDecompress({ chunkSize: CHUNK_OCTETS })));

/**
 * Takes in the lines of a file whole, so that nothing waits for its sender any more. Null where there is no room at the moment; stops the holder at
 * a file that is larger than there ever is.
 */
export async function holdFile(
  pieces: AsyncIterable<Buffer>,
  memory: UploadMemory,
  holder: ProblemHolder,
): Promise<HeldFile | null> {
  const parts: Buffer[] = [];
  let octets = 0;
  let hasRoom = true;
  const take = (more: number): void => {
    octets += more;
    memory.held += more;
    if (octets > LARGEST_FILE)
      holder.stop([{ line: 1, field: '', rule: 'too-large', detail: 'The file is too large; import it in parts' }]);
    hasRoom = memory.held <= LARGEST_SUM;
    if (!hasRoom) throw new Error('there is no room for a file');
  };
  const release = (): void => {
    memory.held -= octets;
    octets = 0;
  };
  try {
    take(COMPRESSOR_OCTETS);
    await pipeline(pieces, createZstdCompress(FASTEST), async (packed: AsyncIterable<Buffer>) => {
      for await (const part of packed) {
        take(part.length);
        parts.push(part);
      }
    });
    return { pieces: () => unpacked(parts), release };
  } catch (error) {
    release();
    if (!hasRoom) return null;
    throw error;
  }
}
