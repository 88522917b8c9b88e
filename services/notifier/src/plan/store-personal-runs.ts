import type { Transaction } from '@bijli/postgres';
import { istDay } from '@bijli/units';
import { chunkRanges } from '../domain/chunk-ranges.ts';
import { PERSONAL_LANES, type PersonalMessage, type PersonalNews } from '../domain/personal-message.ts';
import { insertChunks } from '../store/runs/insert-chunks.ts';
import { insertPersonalRows } from '../store/personal/insert-personal-rows.ts';
import { insertRun } from '../store/runs/insert-run.ts';
import { openDay } from '../store/runs/open-day.ts';
import { sizeRun } from '../store/runs/measure-scope.ts';
import { lockWaiting, withdrawWaiting } from '../store/personal/withdraw-messages.ts';

/** A personal run that was planned. */
export type StoredPersonalRun = {
  readonly runId: string;
  readonly kind: string;
  readonly messages: number;
  readonly audienceSize: number;
  readonly isHeld: boolean;
};

/** What storing personal runs needs besides the news. */
export type StorePersonalRunsInput = {
  readonly nextRunId: () => string;
  readonly traceparent: string | null;
  readonly now: Date;
};

/**
 * Stores the texts that news ask for, many in one chunk of one run, and withdraws waiting ones that they
 * make false, inside the caller's transaction. Texts of one run share their kind, their end of use and whether they wait
 * for an operator; a connection has one at most, so that the next one comes after it.
 */
export async function storePersonalRuns(
  tx: Transaction,
  news: readonly PersonalNews[],
  { nextRunId, traceparent, now }: StorePersonalRunsInput,
): Promise<StoredPersonalRun[]> {
  const runDay = istDay(now);
  await openDay(tx, runDay);
  await lockWaiting(tx, news);
  const stored: StoredPersonalRun[] = [];
  for (const messages of runsOf(news.flatMap(({ message }) => (message === null ? [] : [message])))) {
    const [{ kind, isHeld, notAfter }] = messages;
    const runId = nextRunId();
    const run = {
      runId,
      threadId: `${kind}:${runId}`,
      revision: 1,
      kind,
      lane: PERSONAL_LANES[kind],
      facts: null,
      scope: NOBODY,
      hasUntold: false,
    };
    await insertRun(tx, { ...run, notAfter, isHeld, runDay, traceparent, plannedAt: now });
    const audienceSize = await insertPersonalRows(tx, { runId, runDay, kind, messages });
    await sizeRun(tx, runId, audienceSize, 'as-planned');
    await insertChunks(tx, runId, chunkRanges(0), false);
    stored.push({ runId, kind, messages: messages.length, audienceSize, isHeld });
  }
  await withdrawWaiting(tx, news);
  return stored;
}

/** Every message names its connection. */
const NOBODY = { nodeIds: [], ownNodeIds: [] };

type Run = [PersonalMessage, ...PersonalMessage[]];

/** Puts messages together that one run can carry, in the order in which they are to be told. */
export function runsOf(messages: readonly PersonalMessage[]): Run[] {
  const perConnection = new Map<string, number>();
  const runs = new Map<string, Run>();
  for (const message of messages) {
    const { kind, isHeld, notAfter, connectionId } = message;
    const nth = perConnection.get(connectionId) ?? 0;
    perConnection.set(connectionId, nth + 1);
    const key = `${nth} ${kind} ${isHeld} ${notAfter.getTime()}`;
    const run = runs.get(key);
    if (run === undefined) runs.set(key, [message]);
    else run.push(message);
  }
  return [...runs.values()];
}
