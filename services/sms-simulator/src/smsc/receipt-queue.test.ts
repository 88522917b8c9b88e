import { afterEach, describe, expect, test } from '@jest/globals';
import { commandStatus } from '@bijli/smpp';
import { until } from '@bijli/testing';
import { smscCounters } from './counters.ts';
import { type Receipt, type Receiver, receiptQueue } from './receipt-queue.ts';

const queues: ReturnType<typeof receiptQueue>[] = [];
afterEach(() => {
  for (const queue of queues.splice(0)) queue.stop();
});

function open() {
  const counters = smscCounters();
  const queue = receiptQueue(counters);
  queues.push(queue);
  return { queue, counters };
}

const receipt = (messageId: string, change: Partial<Receipt> = {}): Receipt => ({
  state: 'DELIVRD',
  error: '000',
  afterMs: 0,
  early: true,
  onOtherBind: false,
  messageId,
  handset: '919876543210',
  header: 'UPPCLP',
  submittedAt: new Date(),
  doneAt: new Date(),
  text: '',
  submittedOn: 1,
  attempts: 0,
  ...change,
});

function receiver(id: number, room = Number.POSITIVE_INFINITY): Receiver & { got: Receipt[]; flushes: number } {
  const got: Receipt[] = [];
  const self = {
    id,
    got,
    flushes: 0,
    canTake: () => got.length < room,
    deliver: (one: Receipt) => void got.push(one),
    flush: () => void (self.flushes += 1),
  };
  return self;
}

const ids = (receipts: readonly Receipt[]): string[] => receipts.map(({ messageId }) => messageId);

describe('receipt queue', () => {
  test('keeps receipts until a client is there, and hands them out in one write', () => {
    const { queue } = open();
    for (const id of ['a', 'b', 'c']) queue.plan(receipt(id));
    queue.pump();
    expect(queue.waiting()).toBe(3);

    const client = receiver(1);
    queue.attach(client);
    expect([ids(client.got), client.flushes, queue.waiting()]).toEqual([['a', 'b', 'c'], 1, 0]);
  });

  test('waits for their time', async () => {
    const { queue } = open();
    const client = receiver(1);
    queue.attach(client);
    queue.plan(receipt('later', { early: false, afterMs: 30 }));
    expect(client.got).toEqual([]);
    await until(() => client.got.length === 1, { describe: 'the receipt' });
  });

  test('gives a client no more than it takes', () => {
    const { queue } = open();
    const client = receiver(1, 2);
    queue.attach(client);
    for (const id of ['a', 'b', 'c']) queue.plan(receipt(id));
    queue.pump();
    expect([ids(client.got), queue.waiting()]).toEqual([['a', 'b'], 1]);
  });

  test('takes turns between connections, and avoids the submitting one when told to', () => {
    const { queue } = open();
    const [one, other] = [receiver(1), receiver(2)];
    queue.attach(one);
    queue.plan(receipt('alone', { onOtherBind: true }));
    queue.pump();
    expect(ids(one.got)).toEqual(['alone']);

    queue.attach(other);
    for (let n = 0; n < 10; n += 1) queue.plan(receipt(`away${n}`, { onOtherBind: true }));
    queue.pump();
    expect([one.got.length, other.got.length]).toEqual([1, 10]);
    for (let n = 0; n < 10; n += 1) queue.plan(receipt(`any${n}`));
    queue.pump();
    expect([one.got.length, other.got.length]).toEqual([6, 15]);
  });

  test('sends again what a client had not answered when it left', () => {
    const { queue, counters } = open();
    const [one, other] = [receiver(1), receiver(2)];
    queue.attach(one);
    queue.plan(receipt('a'));
    queue.pump();
    queue.detach(one, one.got);
    expect(queue.waiting()).toBe(1);
    queue.attach(other);
    expect(ids(other.got)).toEqual(['a']);
    expect([counters.receiptsSent, counters.receiptsAgain]).toEqual([2, 1]);
  });

  test('sends again what was put off, and forgets what was taken or refused for good', () => {
    const { queue, counters } = open();
    const client = receiver(1);
    queue.attach(client);
    for (const id of ['taken', 'put off', 'refused']) queue.plan(receipt(id));
    queue.pump();
    const [taken, putOff, refused] = client.got as [Receipt, Receipt, Receipt];
    queue.answered(taken, commandStatus.ESME_ROK);
    queue.answered(putOff, commandStatus.ESME_RX_T_APPN);
    queue.answered(refused, commandStatus.ESME_RX_P_APPN);
    expect([queue.waiting(), counters.receiptsAnswered, counters.receiptsAgain]).toEqual([1, 3, 1]);
  });
});
