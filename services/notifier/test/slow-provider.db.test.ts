import { openLog } from '@bijli/service';
import { type Database, query } from '@bijli/postgres';
import { until } from '@bijli/testing';
import { newId } from '@bijli/units';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { mostAhead } from '../src/domain/most-ahead.ts';
import { openProvider } from '../src/smpp/index.ts';
import { findRuns } from '../src/store/runs/find-runs.ts';
import { setSendingSwitch } from '../src/store/runs/sending-switch.ts';
import { notifierDatabase } from './notifier-database.ts';
import { EMPTY_TABLES } from './receiving.ts';
import { allEnded, latestRun, type Sender, startSender } from './sending.ts';
import { type RawConnection, startRawSmsc } from './smpp/raw-smsc.ts';
import { quickly } from './smpp/test-link.ts';
import { type Home, outage, plan, settle } from './town-of-six.ts';

/** A provider as it is on the wire: what it was given, in order, and what it does about it. */
type Provider = {
  readonly texts: { readonly mobile: string; readonly text: string }[];
  readonly link: ReturnType<typeof openProvider>;
  answer: (connection: RawConnection, sequence: number) => void;
};

const WINDOW = 50;

let database: Awaited<ReturnType<typeof notifierDatabase>>;
let db: Database;
let closing: (() => Promise<void>)[] = [];

beforeAll(async () => {
  database = await notifierDatabase();
  db = database.db;
});
beforeEach(async () => {
  await query(db, EMPTY_TABLES);
  await setSendingSwitch(db, { isStopped: false, reason: 'test', changedBy: 'test' });
});
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});
afterAll(() => database.close());

const accept: Provider['answer'] = (connection, sequence) => connection.accept(sequence, `m-${sequence}`);

/** Starts a provider and a desk that sends to it, with a contract of so many parts a second. */
async function sendTo(answer: Provider['answer'], partsPerSecond: number, responseTimeoutMs = 60_000) {
  const texts: { mobile: string; text: string }[] = [];
  let sender: Sender | undefined;
  const smsc = await startRawSmsc({
    onSubmit: (connection, { sequence, destinationAddr, shortMessage }) => {
      texts.push({ mobile: destinationAddr, text: shortMessage.toString('latin1') });
      provider.answer(connection, sequence);
    },
  });
  closing.push(smsc.close);
  const link = openProvider({
    host: '127.0.0.1',
    port: smsc.port,
    systemId: 'bijli',
    password: 'secret',
    window: WINDOW,
    header: 'UPPCLP',
    entityId: '1101000000000000001',
    bindType: 'transceiver',
    binds: 1,
    log: openLog('test', 'silent'),
    timing: { ...quickly, enquireLinkMs: 60_000, responseTimeoutMs },
    onReceipts: () => Promise.resolve(),
    onRoom: () => sender?.desk.room(),
  });
  const provider: Provider = { texts, link, answer };
  link.start();
  closing.push(link.stop);
  await until(() => link.state() === 'bound', { describe: 'the link' });
  const start = (): Sender => {
    sender = startSender(db, link, { mostAhead: mostAhead(partsPerSecond), partsPerSecond });
    closing.push(sender.desk.stop);
    return sender;
  };
  return { provider, start };
}

/** A provider that answers nothing until it is let, and then what waits and all that comes. */
function holding(): { answer: Provider['answer']; letGo(provider: Provider): void } {
  const held: (() => void)[] = [];
  return {
    answer: (connection, sequence) => void held.push(() => accept(connection, sequence)),
    letGo: (provider) => {
      provider.answer = accept;
      for (const give of held.splice(0)) give();
    },
  };
}

const people = (count: number, node: string, first: number): Home[] =>
  Array.from({ length: count }, (_, n) => ({
    account: String(first + n),
    node,
    mobile: String(9_600_000_000 + (first % 100_000_000) + n),
    language: 'en' as const,
  }));

const isOff = ({ text }: { text: string }): boolean => /power is off/.test(text);
const isBack = ({ text }: { text: string }): boolean => /restored/.test(text);
const mobiles = (texts: Provider['texts']): string[] => texts.map(({ mobile }) => mobile).sort();

describe('a provider that answers slowly', () => {
  test('gets no text more of a cut whose end was stored: nothing waits behind its window', async () => {
    await settle(db, people(300, 'DT-1', 2_100_000_000));
    const slow = holding();
    const { provider, start } = await sendTo(slow.answer, 1_000);
    const reported = outage({ nodeIds: ['DT-1'] });
    await plan(db, reported);
    start();
    await until(() => provider.texts.length === WINDOW, { describe: 'a full window' });

    await plan(db, {
      ...reported,
      version: 2,
      type: 'SupplyRestored',
      status: 'restored',
      restoredAt: new Date(),
    });
    slow.letGo(provider);
    await allEnded(db);

    expect(provider.texts.filter(isOff)).toHaveLength(WINDOW);
    expect(mobiles(provider.texts.filter(isBack))).toEqual(mobiles(provider.texts.filter(isOff)));
    expect(provider.texts).toHaveLength(2 * WINDOW);
  });

  test('gets nothing more once all sending is stopped, and the rest when it goes on', async () => {
    await settle(db, people(300, 'DT-1', 2_100_000_000));
    const slow = holding();
    const { provider, start } = await sendTo(slow.answer, 1_000);
    await plan(db, outage({ nodeIds: ['DT-1'] }));
    start();
    await until(() => provider.texts.length === WINDOW, { describe: 'a full window' });

    await setSendingSwitch(db, { isStopped: true, reason: 'test', changedBy: 'test' });
    slow.letGo(provider);
    await until(async () => (await latestRun(db))?.counts.accepted === WINDOW, { describe: 'the answers to count' });
    expect(provider.texts).toHaveLength(WINDOW);

    await setSendingSwitch(db, { isStopped: false, reason: 'test', changedBy: 'test' });
    await allEnded(db);
    expect(new Set(mobiles(provider.texts)).size).toBe(300);
    expect(provider.texts).toHaveLength(300);
  });

  test('after whose time an answer comes has it counted: the text does not go again', async () => {
    await settle(db, people(3, 'DT-1', 2_100_000_000));
    let late = (): void => {};
    const { provider, start } = await sendTo(
      (connection, sequence) => {
        if (connection.submits().length === 2) late = () => accept(connection, sequence);
        else accept(connection, sequence);
      },
      1_000,
      300,
    );
    await plan(db, outage({ nodeIds: ['DT-1'] }));
    start();
    await until(async () => (await latestRun(db))?.counts.inDoubt === 1, { describe: 'one to be in doubt' });

    late();
    await allEnded(db);
    await until(async () => (await latestRun(db))?.counts.inDoubt === 0, { describe: 'the late answer to be counted' });

    expect((await latestRun(db))?.counts).toMatchObject({
      accepted: 3,
      inDoubt: 0,
      pending: 0,
      parts: { accepted: 3 },
    });
    expect(provider.texts).toHaveLength(3);
  });
});

describe('a small contract', () => {
  test('leaves next to nothing of a cut whose end was stored: what may go now is all that is written ahead', async () => {
    await settle(db, people(200, 'DT-1', 2_300_000_000));
    const { provider, start } = await sendTo(accept, 10);
    const reported = outage({ nodeIds: ['DT-1'] });
    await plan(db, reported);
    start();
    await until(() => provider.texts.length >= 5, { describe: 'five texts' });

    await plan(db, { ...reported, version: 2, type: 'SupplyRestored', status: 'restored', restoredAt: new Date() });
    const told = provider.texts.length;
    await allEnded(db);

    expect(provider.texts.filter(isOff).length - told).toBeLessThanOrEqual(2);
    expect(mobiles(provider.texts.filter(isBack))).toEqual(mobiles(provider.texts.filter(isOff)));
  });

  test('gives an urgent run its turn within a slice, whatever is under way of planned work', async () => {
    await settle(db, [
      ...people(2_000, 'DT-1', 2_400_000_000),
      ...people(2_000, 'DT-2', 2_410_000_000),
      ...people(10, 'F-2', 2_420_000_000),
    ]);
    const { provider, start } = await sendTo(accept, 100);
    const soon = new Date(Date.now() + 3_600_000);
    for (const node of ['DT-1', 'DT-2'])
      await plan(
        db,
        outage({
          aggregateId: newId(),
          nodeIds: [node],
          type: 'PlannedOutageAnnounced',
          kind: 'planned',
          status: 'announced',
          startsAt: soon,
        }),
      );
    const { desk } = start();
    await until(() => provider.texts.length >= 150, { describe: 'texts of planned work' });

    await plan(db, outage({ aggregateId: newId(), nodeIds: ['F-2'] }));
    const before = provider.texts.length;
    desk.wake();
    await until(
      async () => (await findRuns(db, { kind: 'unplanned', limit: 1 })).every(({ endedAt }) => endedAt !== null),
      { describe: 'the urgent run to end' },
    );

    const first = provider.texts.findIndex(isOff);
    expect(first - before).toBeLessThanOrEqual(mostAhead(100));
    expect(provider.texts.filter(isOff)).toHaveLength(10);
    await query(db, `update run set state = 'superseded' where kind = 'planned'`);
  });
});
