import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { readCsv } from '../independent/csv.ts';
import { mobileOf } from '../independent/numbers.ts';
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

/** Posts all of them, so many at a time; each until it is answered. */
export async function postAll(
  writes: readonly Write[],
  atOnce: number,
  onAnswer: (answered: number) => void = () => undefined,
): Promise<Answer[]> {
  const answers: Answer[] = new Array(writes.length);
  let [next, answered] = [0, 0];
  const worker = async (): Promise<void> => {
    for (let n = next++; n < writes.length; n = next++) {
      answers[n] = await postUntilAnswered(writes[n] as Write);
      answered += 1;
      onAnswer(answered);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return answers;
}

/** Whether a write was taken. */
export function isTaken({ status }: Answer): boolean {
  return status === 200 || status === 201;
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

const DAY_MS = 86_400_000;
/** A day as India has it. */
const indianDay = (at: number): string => new Date(at + 5.5 * 3_600_000).toISOString().slice(0, 10);

/** So many of a list, from one place on. */
type Some = { readonly from: number; readonly count: number };

/** A bill, whom it is told to, and what would pay it. */
export type Bill = {
  readonly mobile: string;
  readonly reference: string;
  readonly bill: Write;
  readonly payment: Write & { readonly reference: string };
};

/** Makes bills of today, each of an account that alone has its mobile: those from one place in the town's file on. */
export function billsOf(system: FaultSystem, { from, count }: Some): Bill[] {
  const mobiles = Map.groupBy(system.connections, (row) => mobileOf(row['mobile'] ?? ''));
  const alone = [...mobiles].flatMap(([mobile, [row, ...others]]) =>
    mobile !== null && row?.['state'] === 'active' && others.length === 0 ? [{ mobile, row }] : [],
  );
  const days = { issuedOn: indianDay(Date.now()), dueOn: indianDay(Date.now() + 15 * DAY_MS) };
  return alone.slice(from, from + count).map(({ mobile, row }) => {
    const [reference, paid] = [randomUUID(), randomUUID()];
    const of = { accountNumber: row['account_number'], amountPaise: 145_050 };
    const billing = system.urlOf('billing');
    return {
      ...{ mobile, reference },
      bill: { key: reference, url: `${billing}/v1/bills`, body: { ...of, reference, ...days } },
      payment: { key: paid, url: `${billing}/v1/payments`, body: { ...of, reference: paid }, reference: paid },
    };
  });
}

/** Makes complaints of low voltage, each of another account: those from one place in the town's file on. */
export function complaintsOf(system: FaultSystem, { from, count }: Some): Write[] {
  const accounts = system.connections.filter(({ state }) => state === 'active').slice(from, from + count);
  const url = `${system.urlOf('complaint')}/v1/complaints`;
  return accounts.map((account) => ({
    url,
    key: randomUUID(),
    body: { accountNumber: account['account_number'], kind: 'low-voltage' },
  }));
}

/** Makes outages of so many transformers of the town. */
export function transformerOutages(system: FaultSystem, count: number): Write[] {
  const url = `${system.urlOf('outage')}/v1/outages`;
  const network = readCsv(join(system.folder, 'town/network.csv'));
  const transformers = network.filter((node) => node['kind'] === 'distribution-transformer').slice(0, count);
  return transformers.map(({ code }) => ({
    url,
    key: randomUUID(),
    body: { nodeIds: [code], cause: 'transformer-fault' },
  }));
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
