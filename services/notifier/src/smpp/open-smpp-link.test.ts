import { once } from 'node:events';
import { afterEach, describe, expect, test } from '@jest/globals';
import {
  commandIds,
  commandStatus,
  encodeBindResp,
  encodeEnquireLink,
  encodeGenericNack,
  encodeUnbind,
  readUserData,
  responseId,
} from '@bijli/smpp';
import { until } from '@bijli/testing';
import { type RawConnection, type RawSmsc, type RawSmscBehaviour, startRawSmsc } from '../../test/smpp/raw-smsc.ts';
import { messages, send, type TestLink, testLink } from '../../test/smpp/test-link.ts';

const running: { smsc: RawSmsc; tested: TestLink }[] = [];

afterEach(async () => {
  for (const { smsc, tested } of running.splice(0)) {
    await tested.link.stop();
    await smsc.close();
  }
});

const acceptAll: RawSmscBehaviour = {
  onSubmit: (connection, { sequence }) => connection.accept(sequence, `m${sequence}`),
};

/** A bound link with its server. `connection()` is the latest. */
async function bound(behaviour: RawSmscBehaviour, options: Parameters<typeof testLink>[1] = {}) {
  const smsc = await startRawSmsc(behaviour);
  const tested = testLink(smsc.port, options);
  running.push({ smsc, tested });
  await isBound(tested);
  return { ...tested, smsc, connection: () => smsc.connections.at(-1) as RawConnection };
}

const isBound = ({ link }: Pick<TestLink, 'link'>) =>
  until(() => link.state() === 'bound', { describe: 'the link to be bound' });
const submitted = (connection: RawConnection, count: number) =>
  until(() => connection.submits().length === count, {
    describe: () => `${count} submit_sm, last seen ${connection.submits().length}`,
  });

describe('SMPP link › sends', () => {
  test('a slice and reports each part once, in one write per window', async () => {
    const { link, counter } = await bound(acceptAll, { window: 50 });

    const slice = send(link, messages(200));
    await slice.finished;

    expect(slice.kinds()).toEqual({ accepted: 200 });
    expect(new Set(slice.outcomes.map(({ ref }) => ref)).size).toBe(200);
    expect(counter('submitted')).toBe(200);
    expect(counter('accepted')).toBe(200);
  });

  test('with the fields that Indian operators ask for', async () => {
    const { link, connection } = await bound(acceptAll);

    const [message] = messages(1);
    await send(link, [
      { ...(message as NonNullable<typeof message>), validUntil: new Date('2026-01-30T14:05:09.800Z') },
    ]).finished;

    const tlv = (tag: string, text: string): string =>
      `${tag}${text.length.toString(16).padStart(4, '0')}${Buffer.from(text).toString('hex')}`;
    expect(connection().submits()[0]).toMatchObject({
      sourceAddrTon: 5,
      sourceAddr: 'UPPCLP',
      destAddrTon: 1,
      destAddrNpi: 1,
      destinationAddr: '919876500000',
      esmClass: 0,
      registeredDelivery: 1,
      validityPeriod: '260130140509800+',
      dataCoding: 8,
    });
    expect(connection().submits()[0]?.tlvs.toString('hex')).toBe(
      tlv('1400', '1101000000000000001') + tlv('1401', '1107000000000000001'),
    );
  });

  test('parts of one message side by side, with one reference', async () => {
    const { link, connection } = await bound(acceptAll, { window: 2 });

    const slices = [send(link, messages(5, 3)), send(link, messages(5, 3))];
    await Promise.all(slices.map(({ finished }) => finished));

    const places = connection()
      .submits()
      .map(({ esmClass, shortMessage }) => readUserData(esmClass, shortMessage).concatenation);
    expect(places.map((place) => place?.number)).toEqual(Array.from({ length: 30 }, (_, index) => (index % 3) + 1));
    for (let at = 0; at < 30; at += 3)
      expect(new Set(places.slice(at, at + 3).map((place) => place?.reference)).size).toBe(1);
    expect(new Set(places.map((place) => place?.reference)).size).toBeGreaterThan(3);
  });

  test('one part again under the reference of its message', async () => {
    const { link, connection } = await bound(acceptAll);
    const [message] = messages(1, 3).map((each) => ({
      ...each,
      ref: 77,
      validUntil: new Date('2026-01-30T14:00:00Z'),
    }));
    if (message === undefined) throw new Error('no message');

    await send(link, [message]).finished;
    await send(link, [{ ...message, partsToSend: [2] }]).finished;
    await send(link, [{ ...message, partsToSend: [3], reference: 5 }]).finished;

    const places = connection()
      .submits()
      .map(({ esmClass, shortMessage }) => readUserData(esmClass, shortMessage).concatenation);
    expect(places.map((place) => place?.number)).toEqual([1, 2, 3, 2, 3]);
    expect(new Set(places.slice(0, 4).map((place) => place?.reference)).size).toBe(1);
    expect(places[4]?.reference).toBe(5);
  });

  test('never more than the window, and goes on as answers come', async () => {
    const { link, connection } = await bound({}, { window: 3 });

    const slice = send(link, messages(4));
    await submitted(connection(), 3);
    connection().accept(connection().submits()[1]?.sequence ?? 0, 'b');
    await submitted(connection(), 4);
    for (const { sequence } of connection().submits()) connection().accept(sequence, `m${sequence}`);
    await slice.finished;

    expect(slice.outcomes.map(({ ref }) => ref)).toEqual([1, 0, 2, 3]);
  });

  test('nothing of a slice that may not be written, and all of the one beside it', async () => {
    const { link, connection } = await bound(acceptAll);

    const refused = send(link, messages(3), () => false);
    const allowed = send(link, messages(5));
    await Promise.all([refused.finished, allowed.finished]);

    expect(refused.kinds()).toEqual({ 'not-written': 3 });
    expect(allowed.kinds()).toEqual({ accepted: 5 });
    expect(connection().submits()).toHaveLength(5);
    expect(
      new Set(
        connection()
          .submits()
          .map(({ sequence }) => sequence),
      ).size,
    ).toBe(5);
  });

  test('no more of a slice from the moment it may not', async () => {
    let mayWrite = true;
    const { link, connection } = await bound({}, { window: 2 });

    const slice = send(link, messages(6), () => mayWrite);
    await submitted(connection(), 2);
    mayWrite = false;
    for (const { sequence } of connection().submits()) connection().accept(sequence, 'x');
    await slice.finished;

    expect(slice.kinds()).toEqual({ accepted: 2, 'not-written': 4 });
    expect(connection().submits()).toHaveLength(2);
  });

  test('an empty slice is done at once', async () => {
    const { link } = await bound({});
    await expect(send(link, []).finished).resolves.toBeUndefined();
  });

  test('the neighbours of a message that fits into no PDU, which is rejected without a word of it in the log', async () => {
    const { link, logged } = await bound(acceptAll);
    const slice = send(
      link,
      messages(3).map((message) => (message.ref === 1 ? { ...message, destination: '९१९८७६५४३२१०' } : message)),
    );
    await slice.finished;

    expect(slice.kinds()).toEqual({ accepted: 2, rejected: 1 });
    expect(logged.join('')).toContain('destination_addr must be ASCII');
    expect(logged.join('')).not.toMatch(/९१९|98765/);
  });

  test('nothing of a slice that may not be written, though a message of it fits into no PDU: each part has one outcome', async () => {
    const { link, connection } = await bound(acceptAll);
    const unfit = messages(3).map((message) =>
      message.ref === 1 ? { ...message, destination: '९१९८७६५४३२१०' } : message,
    );

    const refused = send(link, unfit, () => false);
    const allowed = send(link, unfit);
    await Promise.all([refused.finished, allowed.finished]);

    expect(refused.kinds()).toEqual({ 'not-written': 3 });
    expect(allowed.kinds()).toEqual({ accepted: 2, rejected: 1 });
    expect(connection().submits()).toHaveLength(2);
  });

  test('a new session when sequence numbers are spent, and never uses one twice', async () => {
    const { link, smsc, tested } = {
      ...(await bound(acceptAll, { highestSequence: 30, window: 4 })),
      tested: running[0]?.tested,
    };
    const all: string[] = [];
    for (let ref = 0; ref < 60; ref += 1) {
      if (tested !== undefined) await isBound(tested);
      const slice = send(link, messages(1));
      await slice.finished;
      all.push(...slice.outcomes.map(({ kind }) => kind));
    }

    expect(smsc.connections.length).toBeGreaterThan(1);
    expect(all.filter((kind) => kind === 'accepted').length).toBeGreaterThan(50);
    expect(all).not.toContain('in-doubt');
    for (const { pdus } of smsc.connections) {
      const requests = pdus.map(({ sequence }) => sequence);
      expect(new Set(requests).size).toBe(requests.length);
      expect(Math.max(...requests)).toBeLessThanOrEqual(30);
    }
  });
});

describe('SMPP link › is told', () => {
  test('rejections by status, and 0x58 and 0x14 as throttled, after which it pauses and goes on', async () => {
    const statuses = [
      commandStatus.ESME_RINVDSTADR,
      commandStatus.ESME_RTHROTTLED,
      commandStatus.ESME_RMSGQFUL,
      commandStatus.ESME_ROK,
    ];
    const { link, counter, connection } = await bound(
      {
        onSubmit: (raw, { sequence, destinationAddr }) => {
          const status = statuses[Number(destinationAddr.at(-1))] ?? 0;
          if (status === 0) raw.accept(sequence, 'ok');
          else raw.refuse(sequence, status);
        },
      },
      { window: 1 },
    );

    const slice = send(link, messages(6));
    await slice.finished;

    expect(slice.outcomes).toEqual([
      { ref: 0, partNo: 1, kind: 'rejected', status: 0x0b },
      { ref: 1, partNo: 1, kind: 'throttled', status: 0x58 },
      { ref: 2, partNo: 1, kind: 'throttled', status: 0x14 },
      { ref: 3, partNo: 1, kind: 'accepted', providerMessageId: 'ok' },
      { ref: 4, partNo: 1, kind: 'accepted', providerMessageId: 'ok' },
      { ref: 5, partNo: 1, kind: 'accepted', providerMessageId: 'ok' },
    ]);
    expect(connection().submits()).toHaveLength(6);
    expect([counter('rejected'), counter('rejected', 'ESME_RINVDSTADR'), counter('throttled')]).toEqual([1, 1, 2]);
  });

  test('which statuses say "later", where they are others', async () => {
    const { link, counter } = await bound(
      {
        onSubmit: (raw, { sequence, destinationAddr }) =>
          raw.refuse(sequence, destinationAddr.endsWith('0') ? 0x0401 : commandStatus.ESME_RTHROTTLED),
      },
      { window: 1, isLater: (status) => status === 0x0401 },
    );

    const slice = send(link, messages(2));
    await slice.finished;

    expect(slice.outcomes).toEqual([
      { ref: 0, partNo: 1, kind: 'throttled', status: 0x0401 },
      { ref: 1, partNo: 1, kind: 'rejected', status: 0x58 },
    ]);
    expect([counter('rejected'), counter('throttled')]).toEqual([1, 1]);
  });

  test('that the bind is not one to submit by: it hears what is answered, gives back what waits, and binds anew', async () => {
    const { link, smsc, connection } = await bound(
      {
        onSubmit: (raw, { sequence, destinationAddr }) => {
          if (raw !== smsc.connections[0]) return raw.accept(sequence, 'anew');
          if (destinationAddr.endsWith('1')) return raw.refuse(sequence, commandStatus.ESME_RINVBNDSTS);
        },
      },
      { window: 2, isLater: () => true, timing: { reconnectFirstMs: 1 } },
    );
    const first = connection();
    const slice = send(link, messages(3));
    await until(() => slice.outcomes.length === 2, { describe: 'all that has no answer to wait for' });
    expect(slice.outcomes).toEqual([
      { ref: 2, partNo: 1, kind: 'not-written' },
      { ref: 1, partNo: 1, kind: 'throttled', status: 0x04 },
    ]);
    expect([link.state(), link.room()]).toEqual(['connecting', 0]);

    first.accept(first.submits()[0]?.sequence ?? 0, 'first');
    await slice.finished;
    expect(slice.outcomes.at(-1)).toEqual({ ref: 0, partNo: 1, kind: 'accepted', providerMessageId: 'first' });
    await until(() => smsc.connections.length === 2 && link.state() === 'bound', { describe: 'the next bind' });
    expect(first.pdus.at(-1)?.name).toBe('unbind');

    const again = send(link, messages(3));
    await again.finished;
    expect(again.kinds()).toEqual({ accepted: 3 });
  });

  test('a generic_nack as the rejection of its PDU', async () => {
    const { link } = await bound({
      onSubmit: (raw, { sequence }) => raw.send((target, at) => encodeGenericNack(target, at, 0x02, sequence)),
    });
    const slice = send(link, messages(1));
    await slice.finished;
    expect(slice.outcomes).toEqual([{ ref: 0, partNo: 1, kind: 'rejected', status: 2 }]);
  });

  test('an answer to an unknown sequence number, which changes nothing', async () => {
    const { link, counter, connection } = await bound({
      onSubmit: (raw, { sequence }) => {
        raw.accept(sequence + 1_000, 'stray');
        raw.accept(sequence, 'ours');
        raw.accept(sequence, 'again');
      },
    });
    const slice = send(link, messages(3));
    await slice.finished;

    expect(slice.outcomes.map((outcome) => 'providerMessageId' in outcome && outcome.providerMessageId)).toEqual([
      'ours',
      'ours',
      'ours',
    ]);
    connection().send((target, at) => encodeEnquireLink(target, at, 99));
    await until(() => connection().pdus.some(({ name, sequence }) => name === 'enquire_link_resp' && sequence === 99), {
      describe: 'the answer to enquire_link',
    });
    expect(counter('stray_responses')).toBe(6);
  });

  test('an unreadable answer, which leaves the part in doubt', async () => {
    const { link, counter } = await bound({
      onSubmit: (raw, { sequence }) => {
        const octets = Buffer.alloc(20, 'a');
        octets.writeUInt32BE(20, 0);
        octets.writeUInt32BE(commandIds.submit_sm_resp, 4);
        octets.writeUInt32BE(0, 8);
        octets.writeUInt32BE(sequence, 12);
        raw.socket.write(octets);
      },
    });
    const slice = send(link, messages(1));
    await slice.finished;
    expect(slice.kinds()).toEqual({ 'in-doubt': 1 });
    expect(counter('bad_pdus')).toBe(1);
  });

  test('an unknown command, and refuses it', async () => {
    const { connection } = await bound({});
    connection().socket.write(Buffer.from('00000010000001110000000000000007', 'hex'));
    connection().socket.write(Buffer.from('00000010000000040000000000000008', 'hex'));
    await until(() => connection().pdus.length === 3, { describe: 'two refusals' });
    expect(
      connection()
        .pdus.slice(1)
        .map(({ name, status, sequence }) => [name, status, sequence]),
    ).toEqual([
      ['generic_nack', 0x03, 7],
      ['generic_nack', 0x03, 8],
    ]);
  });
});

describe('SMPP link › has room', () => {
  test('for its window, less what is written or waits, and for nothing while it is not bound', async () => {
    const { link, connection } = await bound({}, { window: 5, timing: { reconnectFirstMs: 5_000 } });
    expect(link.room()).toBe(5);

    const slice = send(link, messages(3));
    expect(link.room()).toBe(2);
    await submitted(connection(), 3);
    expect(link.room()).toBe(2);
    const more = send(link, messages(8));
    expect(link.room()).toBe(0);
    await submitted(connection(), 5);

    connection().socket.destroy();
    await Promise.all([slice.finished, more.finished]);
    expect(link.room()).toBe(0);
  });

  test('again as answers come, and says so', async () => {
    let told = 0;
    const { link, connection } = await bound({}, { window: 2, onRoom: () => (told += 1) });
    const slice = send(link, messages(2));
    await submitted(connection(), 2);
    const before = told;

    connection().accept(connection().submits()[0]?.sequence ?? 0, 'a');
    await until(() => link.room() === 1, { describe: 'room for one' });

    expect(told).toBeGreaterThan(before);
    connection().accept(connection().submits()[1]?.sequence ?? 0, 'b');
    await slice.finished;
    expect(link.room()).toBe(2);
  });

  test('for nothing while the provider wants a pause', async () => {
    const { link } = await bound(
      { onSubmit: (raw, { sequence }) => raw.refuse(sequence, commandStatus.ESME_RTHROTTLED) },
      { timing: { throttleFirstMs: 200, throttleMostMs: 200 } },
    );
    await send(link, messages(1)).finished;

    expect(link.room()).toBe(0);
    await until(() => link.room() === 10, { describe: 'the pause to be over' });
  });
});

describe('SMPP link › loses its connection', () => {
  test('in mid-window: what was written is in doubt, what was not is not written, and it binds again', async () => {
    const { link, smsc, connection, counter } = await bound({}, { window: 4 });
    const slice = send(link, messages(10));
    await submitted(connection(), 4);
    const first = connection();
    first.accept(first.submits()[0]?.sequence ?? 0, 'a');
    await submitted(first, 5);
    first.socket.destroy();
    await slice.finished;

    expect(slice.kinds()).toEqual({ accepted: 1, 'in-doubt': 4, 'not-written': 5 });
    await until(() => link.state() === 'bound' && smsc.connections.length === 2, { describe: 'a second session' });
    expect(counter('reconnects')).toBe(1);
    expect(connection().pdus[0]).toMatchObject({ name: 'bind_transceiver', sequence: 1 });
  });

  test('between two octets of an answer', async () => {
    const { link, connection } = await bound({
      onSubmit: (raw) => void raw.socket.end(Buffer.from('0000001980000004', 'hex')),
    });
    const slice = send(link, messages(1));
    await slice.finished;
    expect(slice.kinds()).toEqual({ 'in-doubt': 1 });
    expect(connection().submits()).toHaveLength(1);
  });

  test('and takes nothing meanwhile', async () => {
    const { link, smsc } = await bound({}, { timing: { reconnectFirstMs: 5_000, reconnectMostMs: 5_000 } });
    smsc.connections[0]?.socket.destroy();
    await until(() => link.state() === 'connecting', { describe: 'the loss to be noticed' });

    const slice = send(link, messages(2));
    expect(slice.outcomes).toEqual([]);
    await slice.finished;
    expect(slice.kinds()).toEqual({ 'not-written': 2 });
  });

  test('by its own hand when it is told to', async () => {
    const { link, connection } = await bound({});
    const slice = send(link, messages(2));
    await submitted(connection(), 2);
    link.destroy('lease has run out');
    await slice.finished;
    expect(slice.kinds()).toEqual({ 'in-doubt': 2 });
  });

  test('by its own hand with a reset: what the kernel still holds does not leave either', async () => {
    const { link, connection } = await bound({});
    const failed = once(connection().socket, 'error');
    link.destroy('lease has run out');
    expect(await failed).toMatchObject([{ code: 'ECONNRESET' }]);
  });

  test('to a PDU of impossible length, which it refuses', async () => {
    const { link, counter, smsc, connection } = await bound({
      onSubmit: (raw) => void raw.socket.write(Buffer.from('7fffffff800000040000000000000002', 'hex')),
    });
    const first = connection();
    const slice = send(link, messages(1));
    await slice.finished;

    expect(slice.kinds()).toEqual({ 'in-doubt': 1 });
    expect(counter('bad_pdus')).toBe(1);
    await until(() => first.pdus.at(-1)?.name === 'generic_nack', { describe: 'the refusal' });
    expect(first.pdus.at(-1)).toMatchObject({ status: 0x02, sequence: 2 });
    await until(() => smsc.connections.length === 2, { describe: 'a second connection' });
  });

  test('to a provider that unbinds in mid-window, whose last answers still count', async () => {
    const { link, connection, smsc } = await bound({}, { window: 3 });
    const slice = send(link, messages(8));
    await submitted(connection(), 3);
    const first = connection();
    first.send((target, at) => encodeUnbind(target, at, 55));
    await until(() => first.pdus.at(-1)?.name === 'unbind_resp', { describe: 'the answer to unbind' });
    first.accept(first.submits()[0]?.sequence ?? 0, 'late');
    first.socket.end();
    await slice.finished;

    expect(slice.kinds()).toEqual({ accepted: 1, 'in-doubt': 2, 'not-written': 5 });
    await until(() => smsc.connections.length === 2, { describe: 'a second connection' });
    expect(first.submits()).toHaveLength(3);
  });
});

describe('SMPP link › gets no answer', () => {
  test('to one message among others: that one is in doubt, the connection stays', async () => {
    const onSubmit: RawSmscBehaviour['onSubmit'] = (raw, { sequence, destinationAddr }) => {
      if (!destinationAddr.endsWith('3')) raw.accept(sequence, 'ok');
    };
    const { link, smsc } = await bound({ onSubmit }, { timing: { responseTimeoutMs: 600 } });
    const slice = send(link, messages(6));
    await until(() => slice.outcomes.length === 5, { describe: 'five answers' });
    await send(link, messages(1)).finished;
    await slice.finished;

    expect(slice.outcomes.at(-1)).toEqual({ ref: 3, partNo: 1, kind: 'in-doubt' });
    expect(smsc.connections).toHaveLength(1);
    expect(link.state()).toBe('bound');
  });

  test.each<[string, (raw: RawConnection, sequence: number) => void, object]>([
    ['an id', (raw, sequence) => raw.accept(sequence, 'late'), { kind: 'accepted', providerMessageId: 'late' }],
    ['a refusal', (raw, sequence) => raw.refuse(sequence, 0x0b), { kind: 'rejected', status: 0x0b }],
    ['a wish for later', (raw, sequence) => raw.refuse(sequence, 0x58), { kind: 'throttled', status: 0x58 }],
    [
      'a generic_nack',
      (raw, sequence) => raw.send((target, at) => encodeGenericNack(target, at, 0x02, sequence)),
      { kind: 'rejected', status: 0x02 },
    ],
  ])('in time: %s that comes late settles its part all the same, once', async (_, answer, outcome) => {
    const { link, connection, counter } = await bound(
      {
        onSubmit: (raw, { sequence, destinationAddr }) => {
          if (!destinationAddr.endsWith('1')) raw.accept(sequence, 'ok');
        },
      },
      { timing: { responseTimeoutMs: 600 } },
    );
    const slice = send(link, messages(3));
    await slice.finished;
    expect(slice.outcomes.at(-1)).toEqual({ ref: 1, partNo: 1, kind: 'in-doubt' });

    const sequence = connection().submits()[1]?.sequence ?? 0;
    answer(connection(), sequence);
    answer(connection(), sequence);
    await until(() => counter('stray_responses') === 1, { describe: 'both answers to be read' });

    expect(slice.late).toEqual([{ ref: 1, partNo: 1, ...outcome }]);
    expect(slice.outcomes).toHaveLength(3);
    expect(counter('late_responses')).toBe(1);
  });

  test('to anything at all: the connection is half open and given up, after one window only', async () => {
    const { link, connection, smsc } = await bound({}, { window: 5, timing: { responseTimeoutMs: 300 } });
    const first = connection();
    const slice = send(link, messages(20));
    await slice.finished;

    expect(slice.kinds()).toEqual({ 'in-doubt': 5, 'not-written': 15 });
    expect(first.submits()).toHaveLength(5);
    await until(() => smsc.connections.length === 2, { describe: 'a second connection' });
  });

  test('to enquire_link: the connection is given up', async () => {
    const { smsc, logged } = await bound(
      { answersEnquireLink: false },
      { timing: { enquireLinkMs: 40, responseTimeoutMs: 200 } },
    );
    await until(() => smsc.connections.length === 2, { describe: 'a second connection' });
    expect(smsc.connections[0]?.pdus.filter(({ name }) => name === 'enquire_link')).toHaveLength(1);
    expect(logged.join('')).toContain('no answer to enquire_link');
  });

  test('to bind: it tries again', async () => {
    const smsc = await startRawSmsc({ answersBind: false });
    const tested = testLink(smsc.port, { timing: { bindTimeoutMs: 60 } });
    running.push({ smsc, tested });
    await until(() => smsc.connections.length === 3, { describe: 'a third connection' });
    expect(tested.link.state()).toBe('connecting');
  });

  test('to its connection: it tries again until somebody listens', async () => {
    const gone = await startRawSmsc();
    await gone.close();
    const tested = testLink(gone.port);
    await until(() => tested.counter('reconnects') > 2, { describe: 'three attempts' });
    expect(tested.logged.join('')).toContain('ECONNREFUSED');
    await tested.link.stop();
    expect(tested.link.state()).toBe('closed');
  });

  test('but a refusal to bind: it says so and tries again', async () => {
    const smsc = await startRawSmsc({ bindStatus: commandStatus.ESME_RINVPASWD });
    const tested = testLink(smsc.port);
    running.push({ smsc, tested });
    await until(() => smsc.connections.length >= 2, { describe: 'a second connection' });
    expect(tested.logged.join('')).toContain('ESME_RINVPASWD');
    expect(tested.logged.join('')).not.toContain('secret');
  });

  test('and keeps an idle connection alive by asking', async () => {
    const { smsc, connection } = await bound({}, { timing: { enquireLinkMs: 30 } });
    await until(() => connection().pdus.filter(({ name }) => name === 'enquire_link').length > 3, {
      describe: 'four enquire_link',
    });
    expect(smsc.connections).toHaveLength(1);
  });
});

describe('SMPP link › hears receipts', () => {
  test('before the answer to submit, and after', async () => {
    const { link, receipts, connection } = await bound({
      onSubmit: (raw, { sequence, destinationAddr }) => {
        raw.receipt(500 + sequence, `m${sequence}`, destinationAddr);
        raw.accept(sequence, `m${sequence}`);
      },
    });
    const slice = send(link, messages(2));
    await slice.finished;
    await until(() => connection().pdus.filter(({ name }) => name === 'deliver_sm_resp').length === 2, {
      describe: 'two answered receipts',
    });

    expect(slice.kinds()).toEqual({ accepted: 2 });
    expect(receipts).toEqual([
      {
        messageId: 'm2',
        otherMessageId: undefined,
        state: 'DELIVRD',
        errorCode: '000',
        doneDate: '2601301001',
        handset: '919876500000',
        otherAddress: 'UPPCLP',
      },
      {
        messageId: 'm3',
        otherMessageId: undefined,
        state: 'DELIVRD',
        errorCode: '000',
        doneDate: '2601301001',
        handset: '919876500001',
        otherAddress: 'UPPCLP',
      },
    ]);
  });

  test('of one packet with its own answer after that answer', async () => {
    const known: string[] = [];
    let outcomes: readonly { kind: string }[] = [];
    const { link } = await bound(
      {
        onSubmit: (raw, { sequence, destinationAddr }) => {
          raw.socket.cork();
          raw.receipt(500 + sequence, `m${sequence}`, destinationAddr);
          raw.accept(sequence, `m${sequence}`);
          raw.socket.uncork();
        },
      },
      {
        onReceipts: () => {
          known.push(outcomes.map(({ kind }) => kind).join());
          return Promise.resolve();
        },
      },
    );
    const slice = send(link, messages(1));
    outcomes = slice.outcomes;
    await slice.finished;

    await until(() => known.length > 0, { describe: 'the receipt' });
    expect(known).toEqual(['accepted']);
  });

  test('and answers them only when they are committed, in batches of what came meanwhile', async () => {
    const commits: { size: number; done: () => void }[] = [];
    const { connection } = await bound(
      {},
      {
        onReceipts: ({ length: size }) => {
          const { promise, resolve } = Promise.withResolvers<void>();
          commits.push({ size, done: resolve });
          return promise;
        },
      },
    );
    const answered = (): number => connection().pdus.filter(({ name }) => name === 'deliver_sm_resp').length;
    const raw = connection();

    raw.receipt(1, 'a', '919876500000');
    await until(() => commits.length === 1, { describe: 'the first batch' });
    for (let sequence = 2; sequence <= 21; sequence += 1) raw.receipt(sequence, `m${sequence}`, '919876500000');
    raw.send((target, at) => encodeEnquireLink(target, at, 99));
    await until(() => raw.pdus.at(-1)?.name === 'enquire_link_resp', { describe: 'all to be read' });
    expect([commits.length, answered()]).toEqual([1, 0]);

    commits[0]?.done();
    await until(() => commits.length === 2, { describe: 'the second batch' });
    expect([commits[1]?.size, answered()]).toEqual([20, 1]);
    commits[1]?.done();
    await until(() => answered() === 21, { describe: 'all answers' });
    expect(raw.pdus.filter(({ name }) => name === 'deliver_sm_resp').every(({ status }) => status === 0)).toBe(true);
  });

  test('and asks for them again when they could not be committed', async () => {
    const { connection, counter, logged } = await bound(
      {},
      { onReceipts: () => Promise.reject(new Error('database is away')) },
    );
    connection().receipt(7, 'a', '919876500000');
    await until(() => connection().pdus.at(-1)?.name === 'deliver_sm_resp', { describe: 'the answer' });

    expect(connection().pdus.at(-1)).toMatchObject({ status: commandStatus.ESME_RX_T_APPN, sequence: 7 });
    expect([counter('receipts'), counter('receipts_put_off')]).toEqual([0, 1]);
    expect(logged.join('')).not.toContain('98765');
  });

  test('and refuses for good those that name no message, and SMS that nobody takes', async () => {
    const { connection } = await bound({});
    connection().receipt(1, '', '919876500000');
    await until(() => connection().pdus.at(-1)?.name === 'deliver_sm_resp', { describe: 'the answer' });
    expect(connection().pdus.at(-1)).toMatchObject({ status: commandStatus.ESME_RX_P_APPN, sequence: 1 });
  });
});

describe('SMPP link › stops', () => {
  test('when what it has is answered, with an unbind', async () => {
    const { link, connection } = await bound({}, { window: 2 });
    const slice = send(link, messages(3));
    await submitted(connection(), 2);
    const stopped = link.stop();
    const late = send(link, messages(1));
    for (const { sequence } of connection().submits()) connection().accept(sequence, 'x');
    await submitted(connection(), 3);
    connection().accept(connection().submits()[2]?.sequence ?? 0, 'x');
    await stopped;

    expect([slice.kinds(), late.kinds()]).toEqual([{ accepted: 3 }, { 'not-written': 1 }]);
    expect(connection().pdus.at(-1)?.name).toBe('unbind');
    expect(link.state()).toBe('closed');
  });

  test('in bounded time when nobody answers any more', async () => {
    const { link, connection } = await bound(
      { answersUnbind: false },
      { timing: { drainMs: 50, unbindMs: 50, responseTimeoutMs: 5_000 } },
    );
    const slice = send(link, messages(1));
    await submitted(connection(), 1);
    await link.stop();
    await slice.finished;
    expect(slice.kinds()).toEqual({ 'in-doubt': 1 });
  });

  test('and tells its states on the way', async () => {
    const states: string[] = [];
    const { link } = await bound({}, { onStateChange: (state) => void states.push(state) });
    await link.stop();
    expect(states).toEqual(['connecting', 'bound', 'closed']);
  });

  test('while it is still connecting', async () => {
    const smsc = await startRawSmsc({ answersBind: false });
    const tested = testLink(smsc.port, { timing: { bindTimeoutMs: 5_000 } });
    await until(() => smsc.connections.length === 1, { describe: 'the connection' });
    await tested.link.stop();
    expect(tested.link.state()).toBe('closed');
    await smsc.close();
  });
});

describe('SMPP link › is not confused', () => {
  test('by a second answer to bind, nor by answers to what it never asks', async () => {
    const { connection, counter, link } = await bound({});
    const response = { sequenceNumber: 1, status: 0x0e, systemId: '', scInterfaceVersion: undefined };
    connection().send((target, at) => encodeBindResp(target, at, 'bind_transceiver', response));
    connection().socket.write(Buffer.from('00000010800000060000000000000009', 'hex'));
    const unknown = Buffer.from('00000010800001030000000000000009', 'hex');
    expect(unknown.readUInt32BE(4)).toBe(responseId(commandIds.data_sm));
    connection().socket.write(unknown);
    await until(() => counter('stray_responses') === 3, { describe: 'three stray answers' });
    expect(link.state()).toBe('bound');
  });
});
