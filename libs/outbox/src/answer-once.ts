import { createHash } from 'node:crypto';
import type { Transaction } from '@bijli/postgres';
import { query } from '@bijli/postgres';

/** What a request was answered with; `body` is plain JSON. */
export type Answer = {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
};

/** Which answer is meant by an `Idempotency-Key`; `request` is what must be equal for a repeat. */
export type Once = {
  readonly operation: string;
  readonly idempotencyKey: string | undefined;
  readonly request: unknown;
};

type AnsweredRequest = { request_hash: Buffer; status: number; headers: Record<string, string> | null; body: unknown };

/**
 * Answers a request once per `Idempotency-Key`, inside the caller's transaction: the first runs `work` and stores its answer, a repeat
 * gets the stored one, marked by the header `idempotent-replayed`, and a request with the same key and other content gets 'key-reused'. A repeat that comes while the first is still
 * being worked on waits for it. Without a key `work` simply runs. When `work` throws, nothing is stored.
 */
export async function answerOnce(
  tx: Transaction,
  { operation, idempotencyKey, request }: Once,
  work: () => Promise<Answer>,
): Promise<Answer | 'key-reused'> {
  if (idempotencyKey === undefined) return await work();
  const hash = createHash('sha256').update(canonicalJson(request)).digest();
  const first = await query<{ operation: string }>(
    tx,
    'insert into answered_request (operation, idempotency_key, request_hash) values (?, ?, ?) on conflict do nothing returning operation',
    [operation, idempotencyKey, hash],
  );
  if (first.length === 0) return await storedAnswer(tx, operation, idempotencyKey, hash);
  const answer = await work();
  await query(
    tx,
    'update answered_request set status = ?, headers = ?::json, body = ?::json where operation = ? and idempotency_key = ?',
    [
      answer.status,
      JSON.stringify(answer.headers ?? null),
      JSON.stringify(answer.body ?? null),
      operation,
      idempotencyKey,
    ],
  );
  return answer;
}

/** Tells a caller that the answer is the one of before. */
const REPLAYED = { 'idempotent-replayed': 'true' };

async function storedAnswer(
  tx: Transaction,
  operation: string,
  idempotencyKey: string,
  hash: Buffer,
): Promise<Answer | 'key-reused'> {
  const [stored] = await query<AnsweredRequest>(
    tx,
    'select request_hash, status, headers, body from answered_request where operation = ? and idempotency_key = ?',
    [operation, idempotencyKey],
  );
  if (stored === undefined) throw new Error('An answered request vanished; ask again.');
  if (!stored.request_hash.equals(hash)) return 'key-reused';
  return { status: stored.status, body: stored.body, headers: { ...stored.headers, ...REPLAYED } };
}

/** The same text for the same content, whatever the order of its fields. */
function canonicalJson(value: unknown): string {
  return (
    JSON.stringify(value, (_key, part: unknown) =>
      part !== null && typeof part === 'object' && !Array.isArray(part)
        ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
        : part,
    ) ?? 'null'
  );
}
