import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { type ClientRequest, type IncomingMessage, request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { text } from 'node:stream/consumers';
import { ImportProblem } from './import-problem.ts';
import type { InspectedFile } from './inspect-file.ts';
import { lineCounter } from './lines-in.ts';

/** What was answered. */
export type Answer = { readonly status: number; readonly body: string };

/** Where a file goes, who hears how much of it is gone, and what stops it. */
export type Sending = { readonly url: string; readonly onLines: (lines: number) => void; readonly signal: AbortSignal };

/**
 * Sends a file as it is read, no faster than it is taken, and gives the answer. An answer that comes early (the file is none) ends the
 * sending.
 * @throws ImportProblem when the connection breaks or the signal comes, saying what became of the file.
 */
export async function sendFile(file: InspectedFile, { url, onLines, signal }: Sending): Promise<Answer> {
  const open = url.startsWith('https:') ? httpsRequest : httpRequest;
  const headers = { 'content-type': 'text/csv', 'content-length': file.bytes };
  const request = open(url, { method: 'POST', headers, signal });
  const answered = once(request, 'response') as Promise<[IncomingMessage]>;
  const linesIn = lineCounter();
  let left = file.bytes;
  const onChunk = (chunk: Buffer): void => {
    left -= chunk.length;
    onLines(linesIn(chunk));
  };
  try {
    await Promise.race([write(request, file, onChunk), answered]);
    const [response] = await answered;
    return { status: response.statusCode ?? 0, body: await text(response) };
  } catch (fault) {
    if (nobodyThere.has((fault as NodeJS.ErrnoException).code ?? ''))
      throw new ImportProblem(notThere(url), { cause: fault });
    // What was handed over may have arrived, whether or not anybody said so.
    throw new ImportProblem(whatBecameOf(file, { isSent: left <= 0, isStopped: signal.aborted }), { cause: fault });
  } finally {
    request.destroy();
  }
}

/** Calls `onChunk` with each piece as it is handed over. */
async function write(request: ClientRequest, file: InspectedFile, onChunk: (chunk: Buffer) => void): Promise<void> {
  for await (const chunk of createReadStream(file.path, { end: file.bytes - 1 }) as AsyncIterable<Buffer>) {
    if (request.destroyed) return;
    const isFull = !request.write(chunk);
    onChunk(chunk);
    if (isFull) await once(request, 'drain');
  }
  request.end();
}

function whatBecameOf({ name }: InspectedFile, { isSent, isStopped }: { isSent: boolean; isStopped: boolean }): string {
  const again = 'run the same command again, what is known by then stays as it is';
  if (isStopped && isSent) return `Stopped when all of ${name} was sent, so it may be taken: ${again}.`;
  if (isStopped) return `Stopped: nothing of ${name} was taken.`;
  if (isSent) return `consumer-registry went away before it answered; ${name} was taken whole or not at all: ${again}.`;
  return `The connection broke while ${name} was sent, and nothing of it was taken: run the same command again.`;
}

const nobodyThere: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);

/** Makes sure that a registry answers, before files are read for nothing. @throws ImportProblem */
export async function mustAnswer(registry: string): Promise<void> {
  await fetch(`${registry}/livez`).catch((cause: unknown) => {
    throw new ImportProblem(notThere(registry), { cause });
  });
}

const notThere = (url: string): string =>
  `consumer-registry does not answer at ${new URL(url).origin}: start the system (npm start), or say where it is (--registry URL).`;
