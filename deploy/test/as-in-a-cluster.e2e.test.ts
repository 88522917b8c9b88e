import { join } from 'node:path';
import { until } from '@bijli/testing';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readCsv } from '@bijli/e2e/independent/csv';
import { mobileOf } from '@bijli/e2e/independent/numbers';
import { connectionsBelow } from '@bijli/e2e/independent/town';
import { call } from '@bijli/e2e/started-system';
import { databaseNames } from '@bijli/start/databases';
import { loadTown } from '@bijli/start/load-town';
import { buildOverlay } from './build-overlay.ts';
import { type SmallCluster, startSmallCluster } from './cluster/small-cluster.ts';
import { connectionsByRole, countDeadLetters } from './cluster/secured-postgres.ts';

const DAY_MS = 86_400_000;

let cluster: SmallCluster;
/** Address of a pod of a service: the first unless told otherwise. */
const at = (service: string, which = 0): string =>
  cluster.pods.filter((pod) => pod.service === service)[which]?.address ?? '';

beforeAll(async () => {
  cluster = await startSmallCluster(buildOverlay('district'));
}, 240_000);
afterAll(() => cluster?.stop(), 60_000);

/** Somebody on a feeder who reads English and has a mobile of their own. */
function somebody(): { account: string; mobile: string; feeder: string } {
  const [network, connections] = ['network.csv', 'connections.csv'].map((name) =>
    readCsv(join(cluster.folder, 'town', name)),
  ) as [ReturnType<typeof readCsv>, ReturnType<typeof readCsv>];
  const owners = Map.groupBy(connections, (row) => mobileOf(row['mobile'] ?? ''));
  const feeder = network.find((node) => node['kind'] === 'feeder')?.['code'] ?? '';
  const one = connectionsBelow(network, connections, feeder).find((row) => {
    const mobile = mobileOf(row['mobile'] ?? '');
    return mobile !== null && owners.get(mobile)?.length === 1 && row['state'] === 'active' && row['language'] === 'en';
  });
  return { account: one?.['account_number'] ?? '', mobile: mobileOf(one?.['mobile'] ?? '') ?? '', feeder };
}

/** Waits until the handset has a text like each of these, and says how many it has in all. */
async function expectTexts(mobile: string, ...fits: readonly RegExp[]): Promise<number> {
  let texts: string[] = [];
  const url = `${cluster.simulator}/v1/messages?to=${mobile}`;
  await until(
    async () => {
      texts = (await call<{ messages: { text: string }[] }>('GET', url)).messages.map(({ text }) => text);
      return fits.every((fit) => texts.some((text) => fit.test(text)));
    },
    { describe: () => `texts like ${fits.join(', ')}; there are ${JSON.stringify(texts)}` },
  );
  return texts.length;
}

function bill(billing: string, accountNumber: string, reference: string): Promise<unknown> {
  const [issuedOn, dueOn] = [0, 15].map((days) => new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10));
  const made = { accountNumber, reference, amountPaise: 145_050, issuedOn, dueOn };
  return call('POST', `${billing}/v1/bills`, made);
}

/** Writes a record to a topic as one of the users. */
async function produceAs(user: string, topic: string): Promise<void> {
  const producer = cluster.as(user).client.producer({ retry: { retries: 0 } });
  await producer.connect();
  try {
    await producer.send({ topic, messages: [{ key: 'k', value: 'no event' }] });
  } finally {
    await producer.disconnect();
  }
}

/** Reads a topic as one of the users until a first record comes. */
async function readAs(user: string, topic: string, groupId: string): Promise<void> {
  const consumer = cluster.as(user).client.consumer({ groupId, retry: { retries: 0 } });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error));
  await consumer.connect();
  try {
    await consumer.subscribe({ topic, fromBeginning: true });
    await consumer.run({ eachMessage: () => Promise.resolve(resolve()) });
    await promise;
  } finally {
    await consumer.disconnect();
  }
}

describe('the overlay, run on one machine with its own users, rights and secrets', () => {
  test('migrates each database as its owner', () => {
    expect(cluster.migrated).toHaveLength(5);
    for (const said of cluster.migrated) expect(said).toMatch(/^\w+: [1-9]\d* migrations applied\n$/);
  });

  test('tells once of an outage, a bill and a complaint, whichever pod is asked', async () => {
    await loadTown({ dataFolder: cluster.folder, registry: at('consumer-registry'), notifier: at('notifier') });
    const { account, mobile, feeder } = somebody();

    await call('POST', `${at('outage', 1)}/v1/outages`, { nodeIds: [feeder], cause: 'storm' });
    await bill(at('billing', 1), account, 'CLUSTER-1');
    await call('POST', `${at('complaint', 1)}/v1/complaints`, { accountNumber: account, kind: 'low-voltage' });

    expect(await expectTexts(mobile, /power is off/, /bill of Rs 1450\.50/, /is registered/)).toBe(3);
  }, 120_000);

  test.each([
    ['control-room', 'control-room.outage.v1', 'outage'],
    ['billing-system', 'billing-system.account.v1', 'billing'],
  ])('lets %s write its topic, which its service reads', async (user, topic, database) => {
    await produceAs(user, topic);

    await until(() => countDeadLetters(cluster.postgresUrl, database), { describe: `a dead letter of ${database}` });
  });

  test.each([
    ['control-room', 'outage.outage.v1'],
    ['control-room', 'billing-system.account.v1'],
    ['outage', 'control-room.outage.v1'],
    ['notifier', 'billing.account.v1'],
  ])('does not let %s write %s', async (user, topic) => {
    await expect(produceAs(user, topic)).rejects.toThrow(/not authorized/i);
  });

  test.each([
    // kafkajs says so of a group that one may not know of.
    ['control-room', 'control-room.outage.v1', 'control-room.any', 'Failed to find group coordinator'],
    ['billing', 'consumer-registry.connection.v1', 'notifier.audience', 'Failed to find group coordinator'],
    ['billing', 'outage.outage.v1', 'billing.connections', 'Not authorized to access topics'],
  ])('does not let %s read %s in the group %s', async (user, topic, group, refusal) => {
    await expect(readAs(user, topic, group)).rejects.toThrow(refusal);
  });

  test('lets nobody in with another password', async () => {
    await expect(cluster.as('outage', 'wrong').client.admin().connect()).rejects.toThrow(/authentication failed/i);
  });

  test('has every service at PostgreSQL by TLS, as its working role', async () => {
    const connections = await connectionsByRole(cluster.postgresUrl);

    expect(new Set(connections.map(({ role }) => role))).toEqual(new Set(databaseNames.map((name) => `${name}_app`)));
    expect(connections.filter(({ isTls }) => !isTls)).toEqual([]);
  });

  test('goes on with one pod of each service after the other has stopped in time, in order', async () => {
    const ends = await Promise.all(
      cluster.pods.filter((_, position) => position % 2 === 0).map(({ process }) => process.stop()),
    );
    const { account, mobile } = somebody();

    await bill(at('billing', 1), account, 'CLUSTER-2');

    expect(ends).toEqual(ends.map(() => ({ code: 0, signal: null })));
    expect(await expectTexts(mobile, /bill of Rs 1450\.50[^]*2901/)).toBe(4);
  }, 120_000);
});
