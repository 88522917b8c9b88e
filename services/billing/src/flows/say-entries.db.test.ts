import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { closeDatabase, type Database, query } from '@bijli/postgres';
import type { FreshDatabase } from '@bijli/testing';
import { context, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { billingDatabase, poolOf } from '../../test/billing-database.ts';
import { connect, enter, freshNumber, postingsOn, received } from '../../test/ledger-in-database.ts';
import { contextOf, traceOf, untraced } from '@bijli/tracing';

let database: FreshDatabase;
let db: Database;
beforeAll(async () => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  database = await billingDatabase();
  db = poolOf(database.url);
});
afterAll(async () => {
  await closeDatabase(db);
  await database.close();
  context.disable();
});

const traceOne = { traceId: '1'.repeat(32), traceparent: `00-${'1'.repeat(32)}-${'a'.repeat(16)}-01` };
const traceTwo = { traceId: '2'.repeat(32), traceparent: `00-${'2'.repeat(32)}-${'b'.repeat(16)}-00` };

/** What was said of an account, in the order in which it will be published, and the trace noted with each entry. */
async function saidOf(id: string) {
  const rows = await query<{ reference: string; traceparent: string | null; trace_id: string | null }>(
    db,
    `select entry.reference, said.traceparent, entry.trace_id
       from outbox_event said join entry using (event_id) where said.key = :id order by said.outbox_id, said.position`,
    { id },
  );
  return rows.map(({ reference, traceparent, trace_id }) => [reference, traceparent, trace_id]);
}

describe('what is said of entries', () => {
  test('continues the trace of each, and keeps the order of an account', async () => {
    const [mixed, plain] = [freshNumber(), freshNumber()];
    const [mixedId, plainId] = [await connect(db, mixed), await connect(db, plain)];
    const { payment } = postingsOn(mixed);
    await enter(
      db,
      received(payment('T-1', 1), traceOne),
      payment('T-2', 1),
      postingsOn(plain).payment('T-1', 1),
      received(payment('T-3', 1), traceTwo),
      received(payment('T-4', 1), traceTwo),
      payment('T-5', 1),
    );

    expect(await saidOf(mixedId)).toEqual([
      ['T-1', traceOne.traceparent, traceOne.traceId],
      ['T-2', null, null],
      ['T-3', traceTwo.traceparent, traceTwo.traceId],
      ['T-4', traceTwo.traceparent, traceTwo.traceId],
      ['T-5', null, null],
    ]);
    expect(await saidOf(plainId)).toEqual([['T-1', null, null]]);
  });

  test('continues the trace in which it was heard, however long it waited', async () => {
    const number = freshNumber();
    await enter(db, received(postingsOn(number).bill('B-1', 1), traceOne));
    const id = await connect(db, number);

    expect(await saidOf(id)).toEqual([['B-1', traceOne.traceparent, traceOne.traceId]]);
  });

  test('of many knows its request, and continues nothing', async () => {
    const number = freshNumber();
    const id = await connect(db, number);
    await enter(db, received(postingsOn(number).bill('B-1', 1), { ...traceOne, traceparent: null }));

    expect(await saidOf(id)).toEqual([['B-1', null, traceOne.traceId]]);
  });
});

describe('a trace', () => {
  test('is read from a context and makes one', () => {
    for (const given of [traceOne, traceTwo]) expect(traceOf(contextOf(given.traceparent))).toEqual(given);
    expect(trace.getSpanContext(contextOf(traceOne.traceparent))).toMatchObject({ traceFlags: 1, isRemote: true });
  });

  test('is none where there is none', () => {
    expect(traceOf(ROOT_CONTEXT)).toEqual(untraced);
    expect(contextOf('00-nothing')).toBe(ROOT_CONTEXT);
  });
});
