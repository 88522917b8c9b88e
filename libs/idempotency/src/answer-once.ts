import { createHash } from 'node:crypto';
import { type Database, query, type Transaction, tryTransaction } from '@bijli/postgres';

/** What a request was answered with; `body` is plain JSON. */
export type Answer = {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
};

/** An answer of which nothing is kept. */
export type FleetingAnswer = Answer & { readonly contentType?: string };

/**
 * What a request's work comes to. Where it is not kept, the transaction is rolled back and the answer forgotten: a refusal, what a dry run
 * found. What is refused now (an account not known yet) may be accepted under the same key later.
 */
export type Worked =
  | { readonly isKept: true; readonly answer: Answer }
  | { readonly isKept: false; readonly answer: FleetingAnswer };

/** Which answer is meant by an `Idempotency-Key`; `request` is what must be equal for a repeat. */
export type Once = {
  readonly operation: string;
  readonly idempotencyKey: string | undefined;
  readonly request: unknown;
};

type AnsweredRequest = {
  readonly request_hash: Buffer;
  readonly status: number;
  readonly headers: Record<string, string> | null;
  readonly body: unknown;
};

/**
 * Does a request's work in one transaction, once per `Idempotency-Key`: the first runs `work` and its answer is stored, a repeat gets the
 * stored one, marked by the header `idempotent-replayed`, and a request with the same key and other content gets 'key-reused'. A repeat that
 * comes while the first is still being worked on waits for it. Without a key `work` simply runs. When `work` rejects, nothing is kept.
 */
export async function answerOnce(
  db: Database,
  once: Once,
  work: (tx: Transaction) => Promise<Worked>,
): Promise<Answer | FleetingAnswer | 'key-reused'> {
  return await tryTransaction<Answer | FleetingAnswer | 'key-reused'>(db, async (tx) => {
    const worked = await answerIn(tx, once, work);
    return worked === 'key-reused' ? { keep: false, value: worked } : { keep: worked.isKept, value: worked.answer };
  });
}

async function answerIn(
  tx: Transaction,
  { operation, idempotencyKey, request }: Once,
  work: (tx: Transaction) => Promise<Worked>,
): Promise<Worked | 'key-reused'> {
  if (idempotencyKey === undefined) return await work(tx);
  const hash = createHash('sha256').update(canonicalJson(request)).digest();
  const first = await query<{ operation: string }>(
    tx,
    'insert into answered_request (operation, idempotency_key, request_hash) values (:operation, :idempotencyKey, :hash) on conflict do nothing returning operation',
    { operation, idempotencyKey, hash },
  );
  if (first.length === 0) return await storedAnswer(tx, operation, idempotencyKey, hash);
  const worked = await work(tx);
  if (!worked.isKept) return worked;
  const { status, headers = null, body = null } = worked.answer;
  await query(
    tx,
    'update answered_request set status = :status, headers = :headers::json, body = :body::json where operation = :operation and idempotency_key = :idempotencyKey',
    { status, headers: JSON.stringify(headers), body: JSON.stringify(body), operation, idempotencyKey },
  );
  return worked;
}

/** Tells a caller that the answer is the one of before. */
const REPLAYED = { 'idempotent-replayed': 'true' };

async function storedAnswer(
  tx: Transaction,
  operation: string,
  idempotencyKey: string,
  hash: Buffer,
): Promise<Worked | 'key-reused'> {
  const [stored] = await query<AnsweredRequest>(
    tx,
    'select request_hash, status, headers, body from answered_request where operation = :operation and idempotency_key = :idempotencyKey',
    { operation, idempotencyKey },
  );
  if (stored === undefined) throw new Error('An answered request vanished; ask again.');
  if (!stored.request_hash.equals(hash)) return 'key-reused';
  const { status, body, headers } = stored;
  return { isKept: true, answer: { status, body, headers: { ...headers, ...REPLAYED } } };
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
