import { open } from 'node:fs/promises';

/** Whole lines of the log. */
export type LogPage = {
  readonly lines: Buffer;
  /** Where the next page begins. */
  readonly next: number;
};

const NEWLINE = 0x0a;

/** Reads whole lines from octet `after` on, at most `limit` octets of them; none at the end of the log. */
export async function readPduLog(path: string, { after, limit }: { after: number; limit: number }): Promise<LogPage> {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(limit), 0, limit, after);
    const lines = buffer.subarray(0, buffer.subarray(0, bytesRead).lastIndexOf(NEWLINE) + 1);
    return { lines, next: after + lines.length };
  } finally {
    await file.close();
  }
}
