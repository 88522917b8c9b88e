import { afterEach, describe, expect, test } from '@jest/globals';
import { openLog } from '@bijli/service';
import { until } from '@bijli/testing';
import { type RawConnection, type RawSmsc, type RawSmscBehaviour, startRawSmsc } from '../../test/smpp/raw-smsc.ts';
import { messages, quickly, send } from '../../test/smpp/test-link.ts';
import { openProvider, type ProviderOptions } from './open-provider.ts';
import type { DeliveryReceipt, SmppLink } from './smpp-link.ts';

const running: { smsc: RawSmsc; link: SmppLink }[] = [];
afterEach(async () => {
  for (const { smsc, link } of running.splice(0)) {
    await link.stop();
    await smsc.close();
  }
});

const acceptAll: RawSmscBehaviour = {
  onSubmit: (connection, { sequence }) => connection.accept(sequence, `m${sequence}`),
};

/** An account whose binds are all up. */
async function opened(options: Partial<ProviderOptions>, behaviour: RawSmscBehaviour = acceptAll) {
  const smsc = await startRawSmsc(behaviour);
  const receipts: DeliveryReceipt[] = [];
  const link = openProvider({
    host: '127.0.0.1',
    port: smsc.port,
    systemId: 'bijli',
    password: 'secret',
    window: 50,
    header: 'UPPCLP',
    entityId: '1101',
    bindType: 'transceiver',
    binds: 1,
    log: openLog('test', 'silent'),
    timing: quickly,
    onReceipts: (batch) => {
      receipts.push(...batch);
      return Promise.resolve();
    },
    ...options,
  });
  running.push({ smsc, link });
  link.start();
  await allBound(link);
  return { smsc, link, receipts };
}

const allBound = (link: SmppLink) =>
  until(() => link.state() === 'bound' && link.problem() === undefined, {
    describe: () => `all binds, it says ${link.problem()}`,
  });
const bindsOf = ({ connections }: RawSmsc) => connections.map(({ pdus }) => pdus[0]?.name).toSorted();

describe('provider account › with one bind for each way', () => {
  test('sends on the one and hears receipts on the other', async () => {
    const { smsc, link, receipts } = await opened({ bindType: 'transmitter-and-receiver' });
    const connectionOf = (bind: string) => smsc.connections.find(({ pdus }) => pdus[0]?.name === bind) as RawConnection;

    const slice = send(link, messages(3));
    await slice.finished;
    connectionOf('bind_receiver').receipt(1, 'm2', '919876500000');
    await until(() => receipts.length === 1, { describe: 'the receipt' });

    expect(bindsOf(smsc)).toEqual(['bind_receiver', 'bind_transmitter']);
    expect(slice.kinds()).toEqual({ accepted: 3 });
    expect(connectionOf('bind_transmitter').submits()).toHaveLength(3);
    expect(connectionOf('bind_transmitter').submits()[0]?.registeredDelivery).toBe(1);
  });

  test('goes on sending without the receiver, and says that it is away', async () => {
    const { smsc, link } = await opened({
      bindType: 'transmitter-and-receiver',
      timing: { ...quickly, reconnectFirstMs: 10_000, reconnectMostMs: 10_000 },
    });

    smsc.connections.find(({ pdus }) => pdus[0]?.name === 'bind_receiver')?.socket.destroy();
    await until(() => link.problem(), { describe: 'the loss to be noticed' });
    const slice = send(link, messages(1));
    await slice.finished;

    expect(link.problem()).toBe('receiver: connection closed');
    expect(link.state()).toBe('bound');
    expect(slice.kinds()).toEqual({ accepted: 1 });
  });
});

describe('provider account › that only sends', () => {
  test('binds once and asks for no receipts', async () => {
    const { smsc, link } = await opened({ bindType: 'transmitter' });

    await send(link, messages(1)).finished;

    expect(bindsOf(smsc)).toEqual(['bind_transmitter']);
    expect(smsc.connections[0]?.submits()[0]?.registeredDelivery).toBe(0);
  });
});

describe('provider account › with several binds', () => {
  test('divides a slice among them, all parts of a message on one', async () => {
    const { smsc, link } = await opened({ binds: 3 });

    const slice = send(link, messages(10, 2));
    await slice.finished;

    const sent = smsc.connections.map((connection) =>
      connection.submits().map(({ destinationAddr }) => destinationAddr),
    );
    expect(slice.kinds()).toEqual({ accepted: 20 });
    expect(sent.map((each) => each.length).toSorted()).toEqual([4, 8, 8]);
    expect(sent.map((each) => new Set(each).size).toSorted()).toEqual([2, 4, 4]);
    expect(link.counters().accepted).toBe(20);
  });

  test('sends all of it on those that are left', async () => {
    const { smsc, link } = await opened({
      binds: 2,
      timing: { ...quickly, reconnectFirstMs: 10_000, reconnectMostMs: 10_000 },
    });

    smsc.connections[0]?.socket.destroy();
    await until(() => link.problem(), { describe: 'the loss to be noticed' });
    const slice = send(link, messages(10));
    await slice.finished;

    expect(slice.kinds()).toEqual({ accepted: 10 });
    expect(link.problem()).toMatch(/^transceiver [12]: connection closed$/);
  });

  test('has the room of those that are bound', async () => {
    const { smsc, link } = await opened(
      { binds: 2, window: 10, timing: { ...quickly, reconnectFirstMs: 10_000, reconnectMostMs: 10_000 } },
      {},
    );
    expect(link.room()).toBe(20);
    const written = (n: number) =>
      until(() => smsc.connections.reduce((sum, each) => sum + each.submits().length, 0) === n, {
        describe: `${n} submit_sm`,
      });

    send(link, messages(6));
    await written(6);
    expect(link.room()).toBe(14);

    smsc.connections[0]?.socket.destroy();
    await until(() => link.problem(), { describe: 'the loss to be noticed' });
    expect(link.room()).toBe(7);

    send(link, messages(7));
    await written(13);
    expect(link.room()).toBe(0);
  });

  test('gives the more of a slice to the bind that has the more room', async () => {
    const { smsc, link } = await opened({ binds: 2, window: 20 }, {});
    const each = () => smsc.connections.map((connection) => connection.submits().length).toSorted((a, b) => a - b);
    // The second of a slice of two goes to the second bind; one message goes to the first alone.
    send(link, messages(1));
    await until(() => each().join() === '0,1', { describe: 'one submit_sm' });

    send(link, messages(39));
    await until(() => each().join() === '20,20', { describe: 'both windows to be full' });

    expect(link.room()).toBe(0);
  });

  test('gives back what no bind is left for', async () => {
    const { link, smsc } = await opened({ binds: 2, timing: { ...quickly, reconnectFirstMs: 10_000 } });
    for (const { socket } of smsc.connections) socket.destroy();
    await until(() => link.state() === 'connecting', { describe: 'both losses to be noticed' });

    const slice = send(link, messages(3));
    await slice.finished;

    expect(slice.kinds()).toEqual({ 'not-written': 3 });
  });
});
