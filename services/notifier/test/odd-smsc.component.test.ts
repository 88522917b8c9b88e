import { type EventOf, type TopicName, topics } from '@bijli/events';
import { createTopics, type KafkaConnection, openKafka } from '@bijli/kafka';
import { appendEvents, outboxRelay } from '@bijli/outbox';
import { openDatabase, query, withTransaction } from '@bijli/postgres';
import type { Component } from '@bijli/loop';
import { openLog } from '@bijli/service';
import { encodeDataSm, encodeDeliverSm, encodeTlvs, NO_TLVS, type ShortMessage, tlvTags } from '@bijli/smpp';
import { randomName, testKafkaBrokers, until } from '@bijli/testing';
import { newId } from '@bijli/units';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { buildService } from '../src/build-service.ts';
import { readConfig } from '../src/config.ts';
import { notifierDatabase } from './notifier-database.ts';
import { type RawConnection, type RawSmsc, startRawSmsc } from './smpp/raw-smsc.ts';
import { connectionEvent, networkEvents, outage } from './town-of-six.ts';

const HEARD = [
  'consumer-registry.network.v1',
  'consumer-registry.connection.v1',
  'outage.outage.v1',
  'billing.account.v1',
  'complaint.complaint.v1',
] as const;
/** Enough that what one of them is answered is one in many. */
const HOMES = Array.from({ length: 60 }, (_, n) => ({
  account: String(1_000_000_001 + n),
  node: 'F-2',
  mobile: String(9_811_111_101 + n),
  language: 'en' as const,
}));

let own: Awaited<ReturnType<typeof notifierDatabase>>;
let kafka: KafkaConnection;
let smsc: RawSmsc;
let components: Component[];
let base: string;
let say: <T extends TopicName>(topic: T, events: readonly EventOf<T>[]) => Promise<void>;
const closing: (() => Promise<void>)[] = [];
/** What the SMSC answers to a submit. */
let answer: (connection: RawConnection, sequence: number) => void;
const accept: typeof answer = (connection, sequence) => connection.accept(sequence, `m-${sequence}`);

beforeAll(async () => {
  answer = accept;
  smsc = await startRawSmsc({ onSubmit: (connection, { sequence }) => answer(connection, sequence) });
  closing.push(smsc.close);
  const silent = openLog('test', 'silent');
  kafka = openKafka({ clientId: 'notifier', brokers: testKafkaBrokers(), log: silent, prefix: `${randomName('o')}.` });
  await createTopics(
    kafka,
    HEARD.map((topic) => ({ topic, partitions: 1, config: topics[topic].config })),
  );
  own = await notifierDatabase();
  closing.push(own.close);
  const db = openDatabase({ url: own.url, applicationName: 'notifier', onIdleError: () => {} });
  const built = buildService({ config: configOf(own.url), db, kafka, log: silent });
  components = built.components;
  closing.push(async () => {
    for (const component of components.toReversed()) await component.stop();
  });
  for (const component of components) await component.start();
  base = `http://127.0.0.1:${built.http.port()}`;
  const relay = outboxRelay({ db: own.db, kafka, log: silent, pollMs: 50 });
  closing.push(relay.stop);
  await relay.start();
  say = (topic, events) => withTransaction(own.db, (tx) => appendEvents(tx, topic, events));
  await say('consumer-registry.network.v1', networkEvents());
  await say(
    'consumer-registry.connection.v1',
    HOMES.map((home) => connectionEvent(home, 1)),
  );
  await until(async () => (await get<{ connections: number }>('/v1/audience')).connections === HOMES.length, {
    describe: 'the audience',
  });
  await until(async () => (await unfit()).length === 0, { describe: 'every component to be fit' });
});
afterAll(async () => {
  for (const close of closing.toReversed()) await close();
});

function configOf(url: string) {
  return readConfig({
    DATABASE_URL: url,
    KAFKA_BROKERS: testKafkaBrokers().join(','),
    PORT: '0',
    ORPHAN_SWEEP_SECONDS: '1',
    NEW_TIME_PAUSE_SECONDS: '0',
    SEAL_KEYS: `k1:${'11'.repeat(32)}`,
    BLIND_INDEX_KEY: '22'.repeat(32),
    SMPP_HOST: '127.0.0.1',
    SMPP_PORT: String(smsc.port),
    SMPP_SYSTEM_ID: 'a-name-of-sixteen',
    SMPP_PASSWORD: 'a-password-of-more-than-eight',
  });
}

async function get<T>(path: string): Promise<T> {
  return (await (await fetch(base + path)).json()) as T;
}

type Run = {
  readonly runId: string;
  readonly endedAt: string | null;
  readonly counts: { accepted: number; rejected: number; pending: number; parts: Record<string, unknown> };
};

let reported = 0;

/** Reports an outage that lasts longer than those before, and gives its run when all its people have an outcome. */
async function toldOf(answers: typeof answer): Promise<Run> {
  answer = answers;
  reported += 1;
  const estimatedRestorationAt = new Date(Date.now() + (4 + reported) * 3_600_000);
  const event = outage({ aggregateId: newId(), nodeIds: ['F-2'], estimatedRestorationAt });
  await say('outage.outage.v1', [event]);
  return until(
    async () =>
      (await get<{ runs: Run[] }>(`/v1/runs?outageId=${event.aggregateId}`)).runs.find((one) => one.endedAt !== null),
    { describe: 'the run to end' },
  );
}

/** The components that say they are not fit. */
async function unfit(): Promise<string[]> {
  const { parts: answers } = await get<{ parts: Record<string, { ok: boolean; detail?: string }> }>('/readyz');
  return Object.entries(answers).flatMap(([name, { ok, detail }]) => (ok ? [] : [`${name}: ${detail}`]));
}

const ODD = '919811111101';
const handsetOf = (connection: RawConnection, sequence: number): string =>
  connection.submits().find((submit) => submit.sequence === sequence)?.destinationAddr ?? '';

describe('an SMSC that answers submits oddly', () => {
  test.each([0x7fffffff, 0x80000000, 0xdeadbeef, 0xffffffff])(
    'with the status %d has that text rejected, and all others go out, as the next run does',
    async (status) => {
      const odd = await toldOf((connection, sequence) => {
        if (handsetOf(connection, sequence) === ODD) connection.refuse(sequence, status);
        else accept(connection, sequence);
      });
      const next = await toldOf(accept);

      expect(odd.counts).toMatchObject({ rejected: 1, accepted: 59, pending: 0 });
      expect(next.counts).toMatchObject({ rejected: 0, accepted: 60, pending: 0 });
      expect(await unfit()).toEqual([]);
    },
  );
});

describe('an SMSC that has a bad moment', () => {
  test.each([0x04, 0x08, 0x14, 0x45, 0x58, 0x64])(
    'and answers %d for a while rejects nobody: all are told when it is over',
    async (status) => {
      let refused = 0;
      const run = await toldOf((connection, sequence) => {
        refused += 1;
        if (refused <= 10) connection.refuse(sequence, status);
        else accept(connection, sequence);
      });

      expect(run.counts).toMatchObject({ rejected: 0, accepted: 60, pending: 0 });
      expect(await unfit()).toEqual([]);
    },
  );
});

type Sent = { readonly id: string; readonly handset: string };
type Form = [string, (sent: Sent) => Partial<ShortMessage>, typeof encodeDeliverSm, string];

const TEXT = 'sub:001 dlvrd:001 submit date:2601301000 done date:2601301001';
const text = (words: string) => ({ shortMessage: Buffer.from(words) });
const named = (id: string, state = 2) =>
  encodeTlvs([
    { tag: tlvTags.receiptedMessageId, value: Buffer.from(`${id}\0`) },
    { tag: tlvTags.messageState, value: Buffer.of(state) },
  ]);
const usual = ({ id }: Sent, stat = 'DELIVRD') => text(`id:${id} ${TEXT} stat:${stat} err:000 text:`);
const asDataSm: typeof encodeDeliverSm = (target, at, sm) => {
  const payload = encodeTlvs([{ tag: tlvTags.messagePayload, value: sm.shortMessage }]);
  return encodeDataSm(target, at, { ...sm, tlvs: sm.shortMessage.length > 0 ? payload : sm.tlvs });
};

/** Forms of receipts that carriers send, with where their part ends. */
const FORMS: readonly Form[] = [
  ['as the book says', (sent) => usual(sent), encodeDeliverSm, 'delivered'],
  ['not marked', (sent) => ({ ...usual(sent), esmClass: 0 }), encodeDeliverSm, 'delivered'],
  ['of parameters, not marked', ({ id }) => ({ esmClass: 0, tlvs: named(id) }), encodeDeliverSm, 'delivered'],
  ['as data_sm', (sent) => usual(sent), asDataSm, 'delivered'],
  ['of parameters as data_sm', ({ id }) => ({ esmClass: 0, tlvs: named(id, 5) }), asDataSm, 'failed'],
  [
    'not turned round',
    (sent) => ({ ...usual(sent), sourceAddr: 'UPPCLP', destinationAddr: sent.handset }),
    encodeDeliverSm,
    'delivered',
  ],
  ['from 00…', (sent) => ({ ...usual(sent), sourceAddr: `00${sent.handset}` }), encodeDeliverSm, 'delivered'],
  ['with another id', (sent) => ({ ...usual(sent), tlvs: named('ffff') }), encodeDeliverSm, 'delivered'],
  ['FAILED', (sent) => usual(sent, 'FAILED'), encodeDeliverSm, 'failed'],
  ['DNDREJECT', (sent) => usual(sent, 'DNDREJECT'), encodeDeliverSm, 'DNDREJECT'],
  ['without a label', ({ id }) => text(`id:${id} ${TEXT} DELIVRD err:000 text:`), encodeDeliverSm, 'delivered'],
];

/** Receipts that are none, sent before each of the good ones. */
const HOSTILE: readonly [Partial<ShortMessage>, typeof encodeDeliverSm][] = [
  [{ tlvs: named('i'.repeat(2_500)) }, encodeDeliverSm],
  [{ tlvs: named('i'.repeat(8_000)) }, asDataSm],
  [text(`id:${'i'.repeat(200)} stat:DELIVRD`), encodeDeliverSm],
  [text(`id:\0\0 stat:\xff\xfe err:\0${'e'.repeat(100)}`), encodeDeliverSm],
  [{ tlvs: Buffer.from('001e00ff41', 'hex') }, encodeDeliverSm],
  [{ ...text('FIXED 7'), esmClass: 0 }, asDataSm],
  [{ esmClass: 4, tlvs: NO_TLVS }, encodeDeliverSm],
];

describe('an SMSC that sends receipts oddly', () => {
  test('has each of them counted as what it says, and all others answered', async () => {
    const sent = new Map<string, string>();
    const run = await toldOf((connection, sequence) => {
      sent.set(`m-${sequence}`, handsetOf(connection, sequence));
      accept(connection, sequence);
    });
    const connection = smsc.connections.at(-1) as RawConnection;
    const texts = [...sent].map(([id, handset]) => ({ id, handset }));
    let sequence = 50_000;

    for (const [n, [, form, encode]] of FORMS.entries()) {
      const one = texts[n] as Sent;
      for (const [odd, encodeOdd] of HOSTILE)
        connection.deliver({ sourceAddr: one.handset, sequenceNumber: (sequence += 1), ...odd }, encodeOdd);
      connection.deliver({ sourceAddr: one.handset, sequenceNumber: (sequence += 1), ...form(one) }, encode);
    }
    const answers = () => connection.pdus.filter((pdu) => pdu.sequence > 50_000);
    await until(() => answers().length === FORMS.length * (HOSTILE.length + 1), {
      describe: () => `every PDU to be answered, last seen ${answers().length}`,
    });

    const ends = FORMS.map(([, , , end]) => end);
    const count = (end: string) => ends.filter((one) => one === end).length;
    const expected = {
      accepted: HOMES.length,
      delivered: count('delivered'),
      failed: count('failed'),
      other: { DNDREJECT: 1 },
      awaited: HOMES.length - FORMS.length,
      unknown: 0,
    };
    await until(
      async () => JSON.stringify((await get<Run>(`/v1/runs/${run.runId}`)).counts.parts) === JSON.stringify(expected),
      { describe: 'the receipts to be counted' },
    );
    expect(await unfit()).toEqual([]);
    expect(await query(own.db, 'select from parked_item')).toEqual([]);
  });
});
