import type { AccountEvent } from '@bijli/events';
import { appendEvents } from '@bijli/outbox';
import type { Transaction } from '@bijli/postgres';
import { context } from '@opentelemetry/api';
import { contextOf } from '@bijli/tracing';

/** An event, and the `traceparent` that it continues. */
export type SaidEntry = { readonly event: AccountEvent; readonly traceparent: string | null };

/**
 * Appends the events of entries, each under the trace that it continues, inside the caller's transaction. Those of one
 * account, given in order of version, stay in that order; accounts without any trace go first, all at once.
 */
export async function sayEntries(tx: Transaction, entries: readonly SaidEntry[]): Promise<void> {
  for (const run of runsOf(entries)) {
    const events = run.map(({ event }) => event);
    const traceparent = run[0]?.traceparent ?? null;
    const append = () => appendEvents(tx, 'billing.account.v1', events, { traced: traceparent !== null });
    if (traceparent === null) await append();
    else await context.with(contextOf(traceparent), append);
  }
}

/** Entries that one statement can append, in order. */
function runsOf(entries: readonly SaidEntry[]): SaidEntry[][] {
  const traced = new Set(
    entries.filter(({ traceparent }) => traceparent !== null).map(({ event }) => event.aggregateId),
  );
  const isTraced = ({ event }: SaidEntry): boolean => traced.has(event.aggregateId);
  const runs: SaidEntry[][] = [entries.filter((entry) => !isTraced(entry))];
  for (const entry of entries.filter(isTraced)) {
    const latest = runs.at(-1);
    if (latest !== undefined && latest[0]?.traceparent === entry.traceparent) latest.push(entry);
    else runs.push([entry]);
  }
  return runs.filter((run) => run.length > 0);
}
