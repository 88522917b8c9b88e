import { afterEach, describe, expect, test } from '@jest/globals';
import { encodeEnquireLink } from '@bijli/smpp';
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
    ratePartsPerSecond: 100_000,
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

/** Resolves when what came before was read, and what could be sent then was. */
async function hasRead(connection: RawConnection, sequence: number): Promise<void> {
  connection.send((target, at) => encodeEnquireLink(target, at, sequence));
  await until(() => connection.pdus.some((pdu) => pdu.name === 'enquire_link_resp' && pdu.sequence === sequence), {
    describe: 'the answer to enquire_link',
  });
}

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

  test('gives back what no bind is left for', async () => {
    const { link, smsc } = await opened({ binds: 2, timing: { ...quickly, reconnectFirstMs: 10_000 } });
    for (const { socket } of smsc.connections) socket.destroy();
    await until(() => link.state() === 'connecting', { describe: 'both losses to be noticed' });

    const slice = send(link, messages(3));
    await slice.finished;

    expect(slice.kinds()).toEqual({ 'not-written': 3 });
  });
});

describe('provider account › keeps its contracted rate', () => {
  test('of 100 parts a second, by a clock that the test moves, over all its binds', async () => {
    let at = 0;
    const { smsc, link } = await opened({ binds: 2, ratePartsPerSecond: 100, now: () => at });
    const sent = () => smsc.connections.flatMap((connection) => connection.submits()).length;
    const slice = send(link, messages(400));
    const sentAtEachStep: number[] = [];

    for (let step = 0; step < 60; step += 1) {
      await Promise.all(smsc.connections.map((connection) => hasRead(connection, 1_000 + step)));
      sentAtEachStep.push(sent());
      at += 40;
    }

    // Twenty-five steps of 40 ms are a second.
    const inEachSecond = sentAtEachStep.slice(25).map((total, index) => total - (sentAtEachStep[index] ?? 0));
    expect(Math.max(...inEachSecond)).toBeLessThanOrEqual(100);
    expect(sentAtEachStep.at(-1)).toBeGreaterThan(215);
    expect(slice.kinds()).toEqual({ accepted: slice.outcomes.length });
  });

  test('and sends the rest when tokens come, though no answer wakes it', async () => {
    const { link } = await opened({ ratePartsPerSecond: 200 });

    const slice = send(link, messages(40));
    await slice.finished;

    expect(slice.kinds()).toEqual({ accepted: 40 });
  });
});
