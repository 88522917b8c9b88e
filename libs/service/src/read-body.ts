import type { IncomingMessage } from 'node:http';
import type { Reply } from './endpoint.ts';
import { invalidRequest, problem } from './problem.ts';
import { parseStrictJson } from './strict-json.ts';

/** Largest JSON body; a list of 2,000 node codes of 40 characters fits. */
export const MAX_BODY_BYTES = 100_000;
/** A body that is too large is read on and thrown away up to here, so that the caller reads the answer instead of a broken line. */
const MAX_DRAINED_BYTES = 2_000_000;
/** A JSON body that is not here by then is a slow-body attack or a dead line. */
const BODY_TIMEOUT_MS = 10_000;

const details = {
  json: 'The body is not JSON',
  depth: 'The body is nested too deeply',
  'duplicate-key': 'This field is given twice in one object',
  'reserved-key': 'This field name is reserved',
  'nul-character': 'Text must not contain the character NUL',
} as const;

/** A body, or the refusal. */
export type ReadBody = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly refusal: Reply };

/** Reads a JSON body within its limits of size and time; no body at all reads as undefined. */
export async function readJsonBody(
  request: IncomingMessage,
  {
    maxBytes = MAX_BODY_BYTES,
    timeoutMs = BODY_TIMEOUT_MS,
  }: { maxBytes?: number | undefined; timeoutMs?: number } = {},
): Promise<ReadBody> {
  if (!hasBody(request)) return { ok: true, value: undefined };
  if (!isJson(request))
    return refuse(
      problem(
        415,
        'unsupported-media-type',
        'Send application/json in UTF-8, not compressed',
        {},
        { accept: 'application/json' },
      ),
    );
  const read = await readBytes(request, maxBytes, timeoutMs);
  if (read === 'too-large')
    return refuse(problem(413, 'too-large', `The body has more than ${maxBytes} bytes`, {}, { connection: 'close' }));
  if (read === 'too-slow')
    return refuse(problem(408, 'too-slow', 'The body did not arrive in time', {}, { connection: 'close' }));
  return parse(read);
}

/** Tells whether a request announces a body. */
export function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0';
}

function isJson({ headers }: IncomingMessage): boolean {
  const [type = '', ...parameters] = (headers['content-type'] ?? '')
    .toLowerCase()
    .split(';')
    .map((part) => part.trim());
  const charset = parameters
    .find((parameter) => parameter.startsWith('charset='))
    ?.slice('charset='.length)
    .replaceAll('"', '');
  const isPlain = (headers['content-encoding'] ?? 'identity') === 'identity';
  return type === 'application/json' && isPlain && (charset === undefined || charset === 'utf-8' || charset === 'utf8');
}

function readBytes(
  request: IncomingMessage,
  maxBytes: number,
  timeoutMs: number,
): Promise<Buffer | 'too-large' | 'too-slow'> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer | 'too-large' | 'too-slow'>();
  const chunks: Buffer[] = [];
  let bytes = 0;
  const timer = setTimeout(resolve, timeoutMs, 'too-slow');
  const onData = (chunk: Buffer): void => {
    bytes += chunk.length;
    if (bytes <= maxBytes) chunks.push(chunk);
    else chunks.length = 0;
    if (bytes > MAX_DRAINED_BYTES) resolve('too-large');
  };
  request.on('data', onData);
  request.once('end', () => resolve(bytes > maxBytes ? 'too-large' : Buffer.concat(chunks)));
  request.once('error', reject);
  request.once('close', () => reject(new Error('the caller went away')));
  return promise.finally(() => {
    clearTimeout(timer);
    request.off('data', onData);
    request.on('error', () => {});
    // What still comes is thrown away; the answer closes the connection.
    request.resume();
  });
}

function parse(bytes: Buffer): ReadBody {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return refuse(invalidRequest([{ field: '/body', rule: 'utf-8', detail: 'The body is not UTF-8' }]));
  }
  const json = parseStrictJson(text);
  if (json.ok) return json;
  return refuse(invalidRequest([{ field: `/body${json.field}`, rule: json.rule, detail: details[json.rule] }]));
}

function refuse(refusal: Reply): ReadBody {
  return { ok: false, refusal };
}
