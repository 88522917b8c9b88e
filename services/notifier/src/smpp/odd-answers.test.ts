import { commandIds, commandStatus, commandStatusName, encodeGenericNack, encodeSubmitSmResp } from '@bijli/smpp';
import { until } from '@bijli/testing';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type RawConnection, type RawSmsc, startRawSmsc } from '../../test/smpp/raw-smsc.ts';
import { messages, send, type TestLink, testLink } from '../../test/smpp/test-link.ts';

let smsc: RawSmsc;
let tested: TestLink;
let answer: (connection: RawConnection, sequence: number) => void;

beforeAll(async () => {
  smsc = await startRawSmsc({ onSubmit: (connection, { sequence }) => answer(connection, sequence) });
  tested = testLink(smsc.port);
  await until(() => tested.link.state() === 'bound', { describe: 'the link to be bound' });
});
afterAll(async () => {
  await tested.link.stop();
  await smsc.close();
});

/** A submit_sm_resp of any octets. */
function response(sequence: number, status: number, body: Buffer): Buffer {
  const octets = Buffer.alloc(16 + body.length);
  octets.writeUInt32BE(octets.length, 0);
  octets.writeUInt32BE(commandIds.submit_sm_resp, 4);
  octets.writeUInt32BE(status, 8);
  octets.writeUInt32BE(sequence, 12);
  body.copy(octets, 16);
  return octets;
}

async function outcomeOf(answered: typeof answer) {
  answer = answered;
  const slice = send(tested.link, messages(1));
  await slice.finished;
  expect(slice.outcomes).toHaveLength(1);
  return slice.outcomes[0];
}

const STATUSES = [0x01, 0x0b, 0x400, 0x7fffffff, 0x80000000, 0xdeadbeef, 0xffffffff];

describe('an answer to submit_sm', () => {
  test.each(STATUSES)('with the status %d is a refusal with that status', async (status) => {
    const outcome = await outcomeOf((connection, sequence) => connection.refuse(sequence, status));

    expect(outcome).toMatchObject({ kind: 'rejected', status });
  });

  test.each([0, ...STATUSES])('that is a generic_nack with the status %d is a refusal', async (status) => {
    const outcome = await outcomeOf((connection, sequence) =>
      connection.send((target, at) => encodeGenericNack(target, at, status, sequence)),
    );

    expect(outcome).toMatchObject({ kind: 'rejected', status });
  });

  test.each([0, 1, 64])('with an id of %d characters has that id', async (length) => {
    const messageId = 'i'.repeat(length);
    const outcome = await outcomeOf((connection, sequenceNumber) =>
      connection.send((target, at) => encodeSubmitSmResp(target, at, { sequenceNumber, status: 0, messageId })),
    );

    expect(outcome).toMatchObject({ kind: 'accepted', providerMessageId: messageId });
  });

  test.each([65, 66, 300, 2_500, 8_000])('with an id of %d characters leaves the text in doubt', async (length) => {
    const body = Buffer.from(`${'i'.repeat(length)}\0`);
    const outcome = await outcomeOf((connection, sequence) => connection.socket.write(response(sequence, 0, body)));

    expect(outcome).toMatchObject({ kind: 'in-doubt' });
  });

  test('of Latin-1 octets has them as its id', async () => {
    const body = Buffer.from('\xff\xe9\x80\0', 'latin1');
    const outcome = await outcomeOf((connection, sequence) => connection.socket.write(response(sequence, 0, body)));

    expect(outcome).toMatchObject({ kind: 'accepted', providerMessageId: '\xff\xe9\x80' });
  });

  test('that refuses is a refusal whatever stands behind the status', async () => {
    const body = Buffer.alloc(300, 'x');
    const outcome = await outcomeOf((connection, sequence) =>
      connection.socket.write(response(sequence, commandStatus.ESME_RINVDSTADR, body)),
    );

    expect(outcome).toMatchObject({ kind: 'rejected', status: commandStatus.ESME_RINVDSTADR });
  });

  test('counts under its status, and under one name when there are more statuses than anybody can watch', async () => {
    let next = 0x1000;
    answer = (connection, sequence) => {
      next += 1;
      connection.refuse(sequence, next);
    };
    await send(tested.link, messages(200)).finished;

    const counted = [...tested.link.counters().rejected];
    expect(counted.filter(([status]) => status.startsWith('0x')).length).toBeLessThanOrEqual(100);
    expect(new Map(counted).get('other')).toBeGreaterThan(99);
  });
});

describe('an answer to bind', () => {
  test.each(STATUSES)('with the status %d is a refusal that names it, and the link tries again', async (bindStatus) => {
    const refusing = await startRawSmsc({ bindStatus });
    const link = testLink(refusing.port);
    await until(() => refusing.connections.length > 1, { describe: 'a second try' });
    await link.link.stop();
    await refusing.close();

    expect(link.logged.join('')).toContain(`bind refused: ${commandStatusName(bindStatus)}`);
  });

  test('may name a system longer than the book allows', async () => {
    const named = await startRawSmsc({ answersBind: false });
    const link = testLink(named.port);
    const connection = await until(() => named.connections.find(({ pdus }) => pdus.length > 0), {
      describe: 'the bind',
    });
    const body = Buffer.from(`${'S'.repeat(40)}\0`);
    const octets = response(connection.pdus[0]?.sequence ?? 0, 0, body);
    octets.writeUInt32BE(commandIds.bind_transceiver_resp, 4);
    connection.socket.write(octets);

    await until(() => link.link.state() === 'bound', { describe: 'the link to be bound' });
    await link.link.stop();
    await named.close();
  });
});
