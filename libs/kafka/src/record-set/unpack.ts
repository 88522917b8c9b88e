import { promisify } from 'node:util';
import { gunzip, zstdDecompress } from 'node:zlib';
import { unpackLz4 } from './unpack-lz4.ts';
import { unpackSnappy } from './unpack-snappy.ts';
import { UnreadableError } from './unreadable-batch.ts';

/** So many octets may the records of one batch take, unpacked. A batch as it comes has 1 MiB at most, unless a broker is told otherwise. */
const MAX_UNPACKED_OCTETS = 16 * 1024 * 1024;

type Unpack = (packed: Buffer, maxOctets: number) => Buffer | Promise<Buffer>;

const gunzipped = promisify(gunzip);
const zstdDecompressed = promisify(zstdDecompress);

/** By Kafka's number (org.apache.kafka.common.record.CompressionType). */
const CODECS: readonly { name: string; unpack: Unpack }[] = [
  { name: 'none', unpack: (packed) => packed },
  { name: 'gzip', unpack: (packed, maxOutputLength) => gunzipped(packed, { maxOutputLength }) },
  { name: 'snappy', unpack: unpackSnappy },
  { name: 'lz4', unpack: unpackLz4 },
  { name: 'zstd', unpack: (packed, maxOutputLength) => zstdDecompressed(packed, { maxOutputLength }) },
];

/** Names a codec for people. */
export function codecName(codec: number): string {
  return CODECS[codec]?.name ?? String(codec);
}

/** Unpacks the records of a batch, never holding more than `maxOctets` of them; throws `UnreadableError`. */
export async function unpack(codec: number, packed: Buffer, maxOctets = MAX_UNPACKED_OCTETS): Promise<Buffer> {
  const known = CODECS[codec];
  if (known === undefined) throw new UnreadableError('unknown-codec');
  try {
    const octets = await known.unpack(packed, maxOctets);
    if (octets.length <= maxOctets) return octets;
  } catch (error) {
    if (error instanceof UnreadableError) throw error;
    const isTooLarge = (error as { code?: unknown }).code === 'ERR_BUFFER_TOO_LARGE';
    throw new UnreadableError(isTooLarge ? 'unpacks-too-large' : 'cannot-unpack');
  }
  throw new UnreadableError('unpacks-too-large');
}
