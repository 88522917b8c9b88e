import { listDeadLetters, replayDeadLetter } from '@bijli/outbox';
import { withTransaction } from '@bijli/postgres';
import { type BrokerGate, openBrokerGate, randomName, sealBatch, testKafkaBrokers, until } from '@bijli/testing';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { freshNumber } from './ledger-in-database.ts';
import { billingSystemOf, connectionEvent, makeTopics, startNeighbours } from './neighbours.ts';
import { type RunningBilling, startBilling } from './running-billing.ts';

const prefix = `${randomName('billing')}.`;

let gate: BrokerGate;
let billing: RunningBilling;
let neighbours: Awaited<ReturnType<typeof startNeighbours>>;
beforeAll(async () => {
  await makeTopics(prefix);
  gate = await openBrokerGate(testKafkaBrokers()[0] ?? '');
  neighbours = await startNeighbours(prefix);
  billing = await startBilling({ kafka: { brokers: gate.brokers, prefix } });
});
afterAll(async () => {
  await Promise.all([billing?.stop(), neighbours?.stop()]);
  await gate?.shut();
});

/** Spoils batches of the billing system in which a reference stands. */
function spoil(reference: string, how: (batch: Buffer) => void): void {
  gate.change = ({ topic, batches }) => {
    for (const batch of batches)
      if (topic.endsWith('billing-system.account.v1') && batch.includes(reference)) how(batch);
  };
}
const applied = (aggregateId: string): number =>
  billing.outcomes.filter(({ key, outcome }) => key === aggregateId && outcome === 'applied').length;
const dead = (): number => billing.outcomes.filter(({ outcome }) => outcome === 'dead').length;
async function subscriptionsState() {
  const { status, body } = await billing.ask('GET', '/readyz');
  return { status, subscriptions: (body['parts'] as Record<string, unknown>)['subscriptions'] };
}

const SPOILT: [what: string, how: (batch: Buffer) => void, reason: string][] = [
  ['of a codec that nobody knows', (batch) => (batch.writeInt16BE(5, 21), sealBatch(batch)), 'unknown-codec'],
  ['with a wrong checksum', (batch) => void batch.writeUInt8(batch.readUInt8(80) ^ 1, 80), 'bad-checksum'],
  ['of a format to come', (batch) => void batch.writeInt8(3, 16), 'unknown-format'],
];

describe('a batch of the billing system', () => {
  test.each(SPOILT)(
    '%s holds up nobody, is told of, and is entered when it is replayed',
    async (_what, how, reason) => {
      const [lost = '', other = ''] = [freshNumber(), freshNumber()];
      const known = billing.outcomes.length;
      await neighbours.connections(...[lost, other].map((account) => connectionEvent(account)));
      await until(() => billing.outcomes.length >= known + 2, { describe: 'the connections' });
      const before = dead();
      spoil('LOST', how);

      await neighbours.events(billingSystemOf(lost).payment('LOST', 100));
      await until(() => dead() > before, { describe: 'the batch to be parked' });
      await neighbours.events(billingSystemOf(other).payment('KEPT', 100));
      await until(() => applied(`bs-${other}`) === 1, { describe: 'the other payment' });

      expect(await subscriptionsState()).toMatchObject({
        status: 200,
        subscriptions: { ok: true, detail: '1 parked batch of account-feed' },
      });
      expect((await billing.ask('GET', '/metrics')).text).toMatch(
        /^bijli_subscription_parked_batches{.*subscription="account-feed".*} 1$/m,
      );
      const [letter] = await listDeadLetters(billing.db);
      expect(letter).toMatchObject({ reason, topic: 'billing-system.account.v1', lastOffset: letter?.offset });

      gate.change = () => undefined;
      await withTransaction(billing.db, (tx) => replayDeadLetter(tx, letter?.id ?? '', 'asha'));
      await until(() => applied(`bs-${lost}`) === 1, { describe: 'the payment that was lost' });
      await until(async () => JSON.stringify(await subscriptionsState()).includes('parked') === false, {
        describe: 'nothing parked',
      });
    },
  );
});
