import { closeSync, fstatSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Logger } from '@bijli/service';
import { bindCommand, commandName, readHeader } from '@bijli/smpp';

/** The append-only log of every PDU in both directions: the oracle of tests, so it must not lie. */
export type PduLog = {
  /** Notes the PDU from `start` to `end`; it need not be in the file before `flush`. */
  record(session: number, direction: 'in' | 'out', octets: Buffer, start: number, end: number): void;
  /** Writes what was noted. Called before anything is sent, so that what a client knows stands in the log. */
  flush(): void;
  close(): void;
  /** PDUs noted since the start. */
  count(): number;
};

/** Where the log is and how much of it is kept: the file itself, and `keptFiles` older ones as `.1`, `.2` and so on. */
export type PduLogInput = {
  readonly path: string;
  readonly maxOctets: number;
  readonly keptFiles: number;
  readonly log: Logger;
};

/** Numbers and texts of handsets stand in it. */
const OWNER_ONLY = 0o600;
const LINES_OCTETS = 1_048_576;
/** More than a line takes besides the PDU. */
const HEAD_OCTETS = 300;

/**
 * Opens the log, at the end of what is there. One JSON object a line: `at` (UTC), `us` (the machine's
 * monotonic clock, comparable between processes and restarts), `session`, `direction` (`in` from the client), `command`,
 * `sequence`, `status`, and `pdu`: all its octets in hex, with `2a` in place of a bind's password.
 */
export function openPduLog({ path, maxOctets, keptFiles, log }: PduLogInput): PduLog {
  mkdirSync(dirname(path), { recursive: true });
  const stamp = stamps();
  const lines = Buffer.allocUnsafeSlow(LINES_OCTETS);
  let filled = 0;
  let file = openSync(path, 'a', OWNER_ONLY);
  let size = fstatSync(file).size;
  let count = 0;

  function rotate(): void {
    closeSync(file);
    for (let age = keptFiles; age > 0; age -= 1)
      renameIfThere(age === 1 ? path : `${path}.${age - 1}`, `${path}.${age}`);
    file = openSync(path, keptFiles > 0 ? 'a' : 'w', OWNER_ONLY);
    size = 0;
    log.warn({ maxOctets, keptFiles }, 'PDU log was full and has begun anew');
  }
  function flush(): void {
    if (filled === 0) return;
    if (size > 0 && size + filled > maxOctets) rotate();
    for (let at = 0; at < filled; ) at += writeSync(file, lines, at, filled - at);
    size += filled;
    filled = 0;
  }

  return {
    record: (session, direction, octets, start, end) => {
      if (filled + HEAD_OCTETS + 2 * (end - start) > LINES_OCTETS) flush();
      const { commandId, commandStatus: status, sequenceNumber: sequence } = readHeader(octets, start);
      const command = commandName(commandId) ?? 'unknown';
      filled += lines.write(
        `{${stamp()},"session":${session},"direction":"${direction}","command":"${command}","sequence":${sequence},"status":${status},"pdu":"`,
        filled,
        'latin1',
      );
      const pdu = bindCommand(commandId) === null ? octets : withoutPassword(octets, start, end);
      filled = writeHex(lines, filled, pdu.subarray(start, end));
      filled += lines.write('"}\n', filled, 'latin1');
      count += 1;
    },
    flush,
    close: () => closeSync(file),
    count: () => count,
  };
}

/** Time for a line; the calendar part is made once a millisecond. */
function stamps(): () => string {
  const monotonicOffsetUs = Number(process.hrtime.bigint() / 1_000n) - performance.now() * 1_000;
  let latestMs = 0;
  let at = '';
  return () => {
    const nowMs = Date.now();
    if (nowMs !== latestMs) {
      latestMs = nowMs;
      at = new Date(nowMs).toISOString();
    }
    return `"at":"${at}","us":${Math.round(monotonicOffsetUs + performance.now() * 1_000)}`;
  };
}

const HEX = Buffer.from('0123456789abcdef', 'latin1');

function writeHex(target: Buffer, at: number, octets: Buffer): number {
  let end = at;
  for (const octet of octets) {
    target[end] = HEX[octet >>> 4] as number;
    target[end + 1] = HEX[octet & 0xf] as number;
    end += 2;
  }
  return end;
}

const HEADER_OCTETS = 16;
const STAR = 0x2a;

/** A log is no place for a secret; its length stays, so that the PDU can still be read. */
function withoutPassword(octets: Buffer, start: number, end: number): Buffer {
  const copy = Buffer.from(octets);
  const begin = copy.indexOf(0, start + HEADER_OCTETS) + 1;
  const nul = copy.indexOf(0, begin);
  if (begin > 0 && begin < end) copy.fill(STAR, begin, nul < 0 || nul > end ? end : nul);
  return copy;
}

function renameIfThere(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
