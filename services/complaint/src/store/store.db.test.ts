import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Database, query, type Transaction, withTransaction } from '@bijli/postgres';
import { until } from '@bijli/testing';
import { newId } from '@bijli/units';
import { aComplaint, at, resolvedFrom } from '../../test/a-complaint.ts';
import { openComplaintDatabase, undone } from '../../test/complaint-database.ts';
import type { Complaint } from '../domain/complaint.ts';
import { accepted } from '../domain/outcome.ts';
import { countComplaints } from './count-complaints.ts';
import { getComplaint } from './get-complaint.ts';
import { getHistory } from './get-history.ts';
import { insertComplaint } from './insert-complaint.ts';
import { listComplaints } from './list-complaints.ts';
import { loadComplaintForUpdate } from './load-complaint-for-update.ts';
import { findAnsweredComplaint, findOpenComplaint, lockLodging } from './lodged-before.ts';
import { noteEvent } from './note-event.ts';
import { isAnswerDue, lockUnanswered } from './unanswered-complaints.ts';
import { countJoined, updateComplaint } from './update-complaint.ts';

let db: Database;
let close: () => Promise<void>;
beforeAll(async () => {
  ({ db, close } = await openComplaintDatabase());
});
afterAll(() => close());

async function stored(tx: Transaction, given: Partial<Complaint> = {}): Promise<Complaint> {
  const complaint = aComplaint(given);
  await insertComplaint(tx, complaint);
  return complaint;
}

async function storedResolved(tx: Transaction, answerDueAt?: Date): Promise<Complaint> {
  const resolved = resolvedFrom(await stored(tx), answerDueAt);
  await updateComplaint(tx, resolved);
  return resolved;
}

/** Stores what was decided of it, as the flows do. */
async function note(tx: Transaction, after: Complaint, type: Parameters<typeof accepted>[1], traceId: string | null) {
  const decision = accepted(after, type, newId(), after.closedAt ?? at(0));
  if (decision.accepted && decision.events[0] !== undefined) await noteEvent(tx, decision.events[0], after, traceId);
}

describe('a complaint', () => {
  test('comes back as it was stored, by its number', () =>
    undone(db, async (tx) => {
      const ticket = await stored(tx);
      const answered = await stored(tx, {
        status: 'answered',
        dueAt: null,
        outageId: newId(),
        cause: 'storm',
        estimatedRestorationAt: at(2),
      });

      expect(await loadComplaintForUpdate(tx, ticket.complaintNumber)).toEqual(ticket);
      expect(await getComplaint(tx, answered.complaintNumber)).toEqual(answered);
      expect(await loadComplaintForUpdate(tx, 'CMP-1999-0000001')).toBeNull();
      expect(await getComplaint(tx, 'CMP-1999-0000001')).toBeNull();
    }));

  test('is changed only from the version before', () =>
    undone(db, async (tx) => {
      const resolved = await storedResolved(tx);

      expect(await getComplaint(tx, resolved.complaintNumber)).toEqual(resolved);
      await expect(updateComplaint(tx, resolved)).rejects.toThrow('not at the version');
    }));

  test.each([
    ['kind', { kind: 'other' }],
    ['accountNumber', { accountNumber: '4100000012' }],
    ['outageId', { outageId: newId() }],
    ['crew', { crew: 'C-7' }],
  ])('does not lose a change of its %s without a word', (field, change) =>
    undone(db, async (tx) => {
      const changed = { ...resolvedFrom(await stored(tx)), ...change } as Complaint;

      await expect(updateComplaint(tx, changed)).rejects.toThrow(`updateComplaint does not store ${field}`);
    }),
  );

  test('is not lodged with something that its statement does not store', () =>
    undone(db, async (tx) => {
      await expect(stored(tx, { officeCode: 'JE-SADAR-03' })).rejects.toThrow(
        'insertComplaint does not store officeCode',
      );
    }));

  test('counts who joined without a new version', () =>
    undone(db, async (tx) => {
      const ticket = await stored(tx);
      await countJoined(tx, { ...ticket, joinedCount: 3 });

      expect(await getComplaint(tx, ticket.complaintNumber)).toEqual({ ...ticket, joinedCount: 3 });
    }));

  const question = `asked_at = now(), asked_how = 'sms', asked_by_event = gen_random_uuid(), answer_due_at = now()`;
  test.each([
    ['closed without a proof', `status = 'closed', due_at = null, closed_at = now(), ${question}`, 'closed_has_proof'],
    ['a proof without being closed', `proof = 'time-out'`, 'closed_has_proof'],
    [
      'a proof of no meaning',
      `status = 'closed', proof = 'surely', due_at = null, closed_at = now(), ${question}`,
      'proof',
    ],
    [
      'closed by time-out before the answer was due',
      `status = 'closed', proof = 'time-out', due_at = null, closed_at = now() - interval '1 s', ${question}`,
      'time_out_was_due',
    ],
    [
      'closed without a question',
      `status = 'closed', proof = 'time-out', due_at = null, closed_at = now()`,
      'question',
    ],
    ['resolved without a question', `status = 'resolved', due_at = null`, 'question'],
    ['open without a clock', 'due_at = null', 'clock'],
    ['answered without a cause', `status = 'answered', due_at = null, outage_id = gen_random_uuid()`, 'answer'],
    ['assigned to nobody', `status = 'assigned'`, 'office'],
    ['assigned to a person', `office_code = 'Ram Kumar'`, 'office_form'],
    ['a status of no meaning', `status = 'fixed', due_at = null`, 'status'],
  ])('cannot be %s', async (_what, change, constraint) => {
    await expect(
      withTransaction(db, async (tx) => {
        const { id } = await stored(tx);
        await query(tx, `update complaint set ${change} where id = :id`, { id });
      }),
    ).rejects.toMatchObject({ constraint: `complaint_${constraint}` });
  });

  test('cannot be open twice on one connection for one thing', async () => {
    const connectionId = newId();

    await expect(
      withTransaction(db, async (tx) => {
        await stored(tx, { connectionId });
        await stored(tx, { connectionId, kind: 'wrong-bill' });
        await stored(tx, { connectionId });
      }),
    ).rejects.toMatchObject({ constraint: 'complaint_one_open' });
  });
});

describe('what happened to a complaint', () => {
  const trace = '4bf92f3577b34da6a3ce929d0e0e4736';

  test('is told with its traces, and on what each closing stands', () =>
    undone(db, async (tx) => {
      const ticket = await stored(tx);
      const resolved = resolvedFrom(ticket);
      const closed = { ...resolved, version: 3, status: 'closed', proof: 'time-out', closedAt: at(73) } as const;
      await note(tx, ticket, 'ComplaintLodged', trace);
      await note(tx, resolved, 'ComplaintResolved', null);
      await note(tx, closed, 'ComplaintClosed', trace);

      const history = await getHistory(tx, ticket.complaintNumber);
      expect(history?.events).toMatchObject([
        { version: 1, type: 'ComplaintLodged', status: 'lodged', dueAt: at(4), traceId: trace },
        { version: 2, type: 'ComplaintResolved', status: 'resolved', dueAt: null, traceId: null },
        { version: 3, type: 'ComplaintClosed', status: 'closed', occurredAt: at(73), traceId: trace },
      ]);
      expect(history?.closings).toEqual([
        { cycle: 1, proof: 'time-out', question: resolved.question, closedAt: at(73) },
      ]);
      expect(await getHistory(tx, 'CMP-1999-0000001')).toBeNull();
    }));

  test.each(['ComplaintResolved', 'ComplaintClosed'] as const)('has one %s in a cycle', async (type) => {
    await expect(
      withTransaction(db, async (tx) => {
        const resolved = { ...(await storedResolved(tx)), proof: 'consumer-confirmed', closedAt: at(1) } as const;
        await note(tx, resolved, type, null);
        await note(tx, { ...resolved, version: 3 }, type, null);
      }),
    ).rejects.toMatchObject({ constraint: 'complaint_event_once_a_cycle' });
  });
});

describe('what a connection lodged before', () => {
  test('is the open one of a kind, and the latest answer about an outage', () =>
    undone(db, async (tx) => {
      const connectionId = newId();
      const outageId = newId();
      const open = await stored(tx, { connectionId });
      await stored(tx, { connectionId, kind: 'wrong-bill' });
      const answer = { connectionId, status: 'answered', dueAt: null, outageId, cause: 'storm' } as const;
      await stored(tx, { ...answer, estimatedRestorationAt: at(1) });
      const latest = await stored(tx, { ...answer, estimatedRestorationAt: at(2) });

      expect(await findOpenComplaint(tx, connectionId, 'no-supply')).toEqual(open);
      expect(await findOpenComplaint(tx, connectionId, 'fuse-off')).toBeNull();
      expect(await findOpenComplaint(tx, newId(), 'no-supply')).toBeNull();
      expect(await findAnsweredComplaint(tx, connectionId, outageId)).toEqual(latest);
      expect(await findAnsweredComplaint(tx, connectionId, newId())).toBeNull();
    }));

  test('is looked at by one transaction at a time', async () => {
    const connectionId = newId();

    expect(await inTurn((tx) => lockLodging(tx, connectionId))).toEqual(['first', 'second']);
  });
});

describe('unanswered complaints', () => {
  test('are those whose answer is due, the longest first', () =>
    undone(db, async (tx) => {
      const later = await storedResolved(tx, at(2));
      const sooner = await storedResolved(tx, at(1));
      await storedResolved(tx, at(3));
      await stored(tx);

      expect(await isAnswerDue(tx, at(0.9))).toBe(false);
      expect(await isAnswerDue(tx, at(1))).toBe(true);
      expect(await lockUnanswered(tx, at(2), 9)).toEqual([sooner, later]);
      expect(await lockUnanswered(tx, at(2), 1)).toEqual([sooner]);
    }));

  test('go to one replica at a time', () =>
    undone(db, async (tx) => {
      await storedResolved(tx, at(1));
      expect(await lockUnanswered(tx, at(2), 9)).toHaveLength(1);

      await undone(db, async (other) => expect(await lockUnanswered(other, at(2), 9)).toEqual([]));
    }));
});

describe('lists and counts', () => {
  const none = { status: null, officeCode: null, connectionId: null, dueBefore: null, before: null, limit: 9 };

  test('give pages, the latest lodged first, by each filter', () =>
    undone(db, async (tx) => {
      const connectionId = newId();
      const oldest = await stored(tx, { connectionId });
      const middle = { ...(await stored(tx)), version: 2, status: 'assigned', officeCode: 'JE-1' } as const;
      await updateComplaint(tx, middle);
      const latest = await stored(tx, { dueAt: at(1) });
      const numbers = async (page: Partial<Parameters<typeof listComplaints>[1]>) =>
        (await listComplaints(tx, { ...none, ...page })).map(({ id }) => id);

      expect(await numbers({ limit: 2 })).toEqual([latest.id, middle.id]);
      expect(await numbers({ before: middle.id })).toEqual([oldest.id]);
      expect(await numbers({ status: 'lodged' })).toEqual([latest.id, oldest.id]);
      expect(await numbers({ officeCode: 'JE-1' })).toEqual([middle.id]);
      expect(await numbers({ connectionId })).toEqual([oldest.id]);
      expect(await numbers({ connectionId: newId() })).toEqual([]);
      expect(await numbers({ dueBefore: at(2) })).toEqual([latest.id]);
    }));

  test('say how many are open, overdue and awaiting an answer', () =>
    undone(db, async (tx) => {
      await stored(tx);
      await stored(tx, { dueAt: at(-1) });
      await storedResolved(tx);

      expect(await countComplaints(tx, at(0))).toEqual({ open: 2, overdue: 1, awaitingAnswer: 1 });
    }));
});

/** Runs `lock` in two transactions, the second while the first holds it, and tells in which order they were done. */
async function inTurn(lock: (tx: Transaction) => Promise<unknown>): Promise<string[]> {
  const order: string[] = [];
  let second: Promise<void> | undefined;
  await withTransaction(db, async (tx) => {
    await lock(tx);
    second = withTransaction(db, async (other) => {
      await lock(other);
      order.push('second');
    });
    await until(() => waitingForLock(), { describe: 'the second to wait' });
    order.push('first');
  });
  await second;
  return order;
}

async function waitingForLock(): Promise<boolean> {
  const rows = await query(
    db,
    `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
  );
  return rows.length === 1;
}
