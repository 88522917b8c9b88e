import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { type FreshDatabase, freshDatabase, until } from '@bijli/testing';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Database } from './index.ts';
import {
  closeDatabase,
  isConnectionError,
  isPostgresError,
  isTransientError,
  listen,
  openDatabase,
  openDedicatedConnection,
  query,
  withTransaction,
} from './index.ts';

const NAME = 'open-database test';
let fresh: FreshDatabase;
let db: Database;
const idleErrors: Error[] = [];

beforeAll(async () => {
  fresh = await freshDatabase({ name: 'open_database', prepare: async () => undefined });
  db = openDatabase({
    url: fresh.url,
    applicationName: NAME,
    statementTimeoutMs: 2_500,
    onIdleError: (error) => idleErrors.push(error),
  });
  await query(db, 'create table counter (id integer primary key, value integer not null)');
  await query(db, 'insert into counter values (1, 0), (2, 0)');
});
afterAll(async () => {
  await closeDatabase(db);
  await fresh.close();
});

const failureOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );
/** A way to the server on which nothing passes while it is frozen, though connections stand. */
async function openPath(to: string) {
  const [target, sockets] = [new URL(to), new Set<Socket>()];
  let isFrozen = false;
  const server = createServer((near) => {
    const far = connect(Number(target.port), target.hostname);
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one);
      one.on('data', (octets) => !isFrozen && other.write(octets));
      one.on('error', () => other.destroy());
      one.on('close', () => other.destroy());
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = new URL(to);
  url.hostname = '127.0.0.1';
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.href,
    freeze: () => {
      isFrozen = true;
    },
    thaw: () => {
      isFrozen = false;
    },
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}
const endSessions = (name: string): Promise<unknown> =>
  query(
    db,
    'select pg_terminate_backend(pid) from pg_stat_activity where application_name = :name and pid <> pg_backend_pid()',
    { name },
  );

describe('openDatabase', () => {
  test('reads a civil date as text, not as a local midnight', async () => {
    expect(await query(db, "select date '2026-01-30' as day, 9007199254740993::bigint as large")).toEqual([
      { day: '2026-01-30', large: '9007199254740993' },
    ]);
  });

  test('takes nulls and bytes inside arrays', async () => {
    const rows = await query<{ bytes: Buffer | null }>(db, 'select bytes from unnest(:octets::bytea[]) as t (bytes)', {
      octets: [Buffer.from([0, 92, 34]), null],
    });

    expect(rows.map(({ bytes }) => bytes?.toString('hex'))).toEqual(['005c22', undefined]);
  });

  test('compiles no statement', async () => {
    expect(await query(db, 'show jit')).toEqual([{ jit: 'off' }]);
  });

  test('ends a statement that takes too long, and calls that transient', async () => {
    const error = await failureOf(query(db, 'select pg_sleep(5)'));

    expect(isPostgresError(error, 'queryCanceled')).toBe(true);
    expect([isTransientError(error), isConnectionError(error)]).toEqual([true, false]);
  });

  test('cuts a connection that nobody answers on, and goes on with another', async () => {
    const path = await openPath(fresh.url);
    const options = { url: path.url, applicationName: 'silent', poolSize: 1, onIdleError: () => undefined };
    const limited = openDatabase({ ...options, statementTimeoutMs: 300 });
    await query(limited, 'select 1');
    path.freeze();
    const error = await failureOf(query(limited, 'select 2'));
    expect([isTransientError(error), isConnectionError(error)]).toEqual([true, true]);

    path.thaw();
    expect(await query(limited, 'select 3 as n')).toEqual([{ n: 3 }]);
    await closeDatabase(limited);
    await path.close();
  });

  test('ends a transaction whose holder says nothing: what it locked is free, and it hears of it', async () => {
    const lock = 'select pg_advisory_xact_lock(11)';
    const options = { url: fresh.url, applicationName: 'still', onIdleError: () => undefined };
    const still = openDatabase({ ...options, idleInTransactionMs: 200 });
    const error = await failureOf(
      withTransaction(still, async (tx) => {
        await query(tx, lock);
        await query(db, lock); // has its answer when the other has lost it
        await query(tx, 'select 1');
      }),
    );

    expect([isTransientError(error), isConnectionError(error)]).toEqual([true, true]);
    await closeDatabase(still);
  });

  test('hears of an idle connection that was ended, and makes another', async () => {
    const others = openDatabase({
      url: fresh.url,
      applicationName: 'idle',
      onIdleError: (error) => idleErrors.push(error),
    });
    await query(others, 'select 1');

    await endSessions('idle');

    await until(() => idleErrors.length > 0, { describe: 'the idle error' });
    expect(idleErrors.some(isConnectionError)).toBe(true);
    expect(await query(others, 'select 1 as one')).toEqual([{ one: 1 }]);
    await closeDatabase(others);
  });

  test('calls an absent server transient and a broken rule not', async () => {
    const nobody = openDatabase({
      url: 'postgres://nobody@127.0.0.1:1/none',
      applicationName: 'absent',
      onIdleError: () => undefined,
    });
    const absent = await failureOf(query(nobody, 'select 1'));
    const broken = await failureOf(query(db, 'insert into counter values (1, 0)'));

    expect([isTransientError(absent), isConnectionError(absent)]).toEqual([true, true]);
    expect([isTransientError(broken), isPostgresError(broken, 'uniqueViolation')]).toEqual([false, true]);
    await closeDatabase(nobody);
  });
});

describe('openDedicatedConnection', () => {
  test('is outside the pool and tells when it was lost', async () => {
    const connection = await openDedicatedConnection(db, 'dedicated');
    const ended = new Promise((resolve) => connection.once('end', resolve));

    await endSessions('dedicated');

    await ended;
    await expect(connection.query('select 1')).rejects.toThrow();
  });

  test('is ended when nobody answers on it', async () => {
    const path = await openPath(fresh.url);
    const limited = openDatabase({
      url: path.url,
      applicationName: 'silent',
      statementTimeoutMs: 300,
      onIdleError: () => undefined,
    });
    const connection = await openDedicatedConnection(limited, 'silent');
    const ended = new Promise((resolve) => connection.once('end', resolve));
    path.freeze();

    const error = await failureOf(connection.query('select 1'));
    await ended;
    path.thaw();
    await closeDatabase(limited);
    await path.close();

    expect(isConnectionError(error)).toBe(true);
  });
});

describe('withTransaction', () => {
  test('runs the victim of a deadlock again, and both come through', async () => {
    const runs: number[] = [];
    const add = (first: number, second: number) =>
      withTransaction(db, async (tx) => {
        runs.push(first);
        await query(tx, 'update counter set value = value + 1 where id = :first', { first });
        await until(async () => runs.includes(1) && runs.includes(2), { describe: 'the other to have begun' });
        await query(tx, 'update counter set value = value + 1 where id = :second', { second });
      });

    await Promise.all([add(1, 2), add(2, 1)]);

    expect(await query(db, 'select value from counter order by id')).toEqual([{ value: 2 }, { value: 2 }]);
  });

  test('gives up after three tries, and does not repeat other errors', async () => {
    const tries = { serialization: 0, other: 0 };
    const raise = (code: string): string => `do $$ begin raise exception 'no' using errcode = '${code}'; end $$`;

    await expect(withTransaction(db, (tx) => (tries.serialization++, query(tx, raise('40001'))))).rejects.toMatchObject(
      { code: '40001' },
    );
    await expect(withTransaction(db, (tx) => (tries.other++, query(tx, raise('23514'))))).rejects.toMatchObject({
      code: '23514',
    });

    expect(tries).toEqual({ serialization: 3, other: 1 });
  });
});

describe('listen', () => {
  test('hears notifications, and again after its connection was lost', async () => {
    const heard: string[] = [];
    const listening = await listen(fresh.url, 'news', (payload) => heard.push(payload));

    await query(db, "select pg_notify('news', 'first')");
    await until(() => heard.includes('first'), { describe: 'the first notification' });
    await endSessions('listen news');

    await until(
      async () => {
        await query(db, "select pg_notify('news', 'second')");
        return heard.includes('second');
      },
      { describe: 'a notification after the reconnect' },
    );
    await listening.close();
  });
});
