import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { ask } from './ledger.ts';
import type { FaultSystem } from './system.ts';

/** A write that is tried until it is answered, and what came of its first answer. */
export type Write = { readonly url: string; readonly key: string; readonly body: object };
export type Answer = { readonly status: number; readonly body: string };

const PAUSE_MS = 250;
const REPEATS = 240;

/** Posts once; null where no answer came. */
export async function post({ url, key, body }: Write): Promise<Answer | null> {
  try {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': key },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(10_000),
    });
    return { status: answer.status, body: await answer.text() };
  } catch {
    return null;
  }
}

/** Posts under one key until somebody answers that can: no answer and 5xx are tried again. */
export async function postUntilAnswered(write: Write): Promise<Answer> {
  for (let n = 0; n < REPEATS; n += 1) {
    const answer = await post(write);
    if (answer !== null && answer.status < 500) return answer;
    await wait(PAUSE_MS);
  }
  throw new Error(`nobody answered ${write.url}`);
}

/** A payment that was posted, with its first answer. */
export type Payment = { readonly reference: string; readonly status: number };

/** Makes a payment of an account of the town; accounts are taken in turn. */
export function paymentOf(system: FaultSystem, n: number): Write & { readonly reference: string } {
  const key = randomUUID();
  const reference = `FP-${key}`;
  const accounts = system.connections.filter(({ state }) => state === 'active');
  const accountNumber = accounts[n % accounts.length]?.['account_number'] ?? '';
  return {
    reference,
    key,
    url: `${system.urlOf('billing')}/v1/payments`,
    body: { accountNumber, reference, amountPaise: 10_000 + n },
  };
}

/** Posts so many payments, one after the other. */
export async function postPayments(system: FaultSystem, count: number): Promise<Payment[]> {
  const payments: Payment[] = [];
  for (let n = 0; n < count; n += 1) {
    const { reference, ...payment } = paymentOf(system, n);
    payments.push({ reference, status: (await post(payment))?.status ?? 0 });
  }
  return payments;
}

/** Counts the payments that were acknowledged and are not in billing's ledger exactly once. */
export async function stillMissing(system: FaultSystem, payments: readonly Payment[]): Promise<number> {
  const acknowledged = payments.filter(({ status }) => status === 200 || status === 201);
  const sql = 'select reference from entry where reference = any($1)';
  const rows = await ask<{ reference: string }>(system.database('billing'), sql, [
    acknowledged.map((one) => one.reference),
  ]);
  const found = Map.groupBy(rows, ({ reference }) => reference);
  return acknowledged.filter(({ reference }) => found.get(reference)?.length !== 1).length;
}
