import { instantText } from '@bijli/service';
import { z } from 'zod';
import { runCounts } from '../domain/run-counts.ts';
import type { RunView } from '../store/find-runs.ts';

const count = z.int().nonnegative();

/** A run in an answer. */
export const runBody = z.strictObject({
  runId: z.uuid(),
  thread: z.string(),
  /** Null for bills, payments and complaints. */
  outageId: z.uuid().nullable(),
  revision: z.int(),
  kind: z.enum(['planned', 'unplanned', 'estimate', 'restored', 'ended', 'bill', 'payment', 'complaint']),
  state: z.enum(['open', 'held', 'refused', 'superseded', 'complete']),
  stateReason: z.string().nullable(),
  plannedAt: instantText,
  endedAt: instantText.nullable(),
  notAfter: instantText,
  traceId: z.string().nullable(),
  counts: z.strictObject({
    audience: count,
    pending: count,
    accepted: count,
    rejected: count,
    inDoubt: count,
    superseded: count,
    stale: count,
    coalesced: count,
    skipped: z.record(z.string(), count),
    /** Receipts of message parts; `other` are ends in words of the carrier's own, by word. */
    parts: z.strictObject({
      accepted: count,
      delivered: count,
      failed: count,
      other: z.record(z.string(), count),
      awaited: count,
    }),
  }),
});

const OUTAGE = 'outage:';

/** Turns a run into its answer. */
export function runReply(run: RunView): z.input<typeof runBody> {
  return {
    runId: run.runId,
    thread: run.threadId,
    outageId: run.threadId.startsWith(OUTAGE) ? run.threadId.slice(OUTAGE.length) : null,
    revision: run.revision,
    kind: run.kind as z.input<typeof runBody>['kind'],
    state: run.state as z.input<typeof runBody>['state'],
    stateReason: run.stateReason,
    plannedAt: run.plannedAt.toISOString(),
    endedAt: run.endedAt?.toISOString() ?? null,
    notAfter: run.notAfter.toISOString(),
    // traceparent: version, trace id, span id, flags (W3C Trace Context, 3.2.2).
    traceId: run.traceparent?.split('-')[1] ?? null,
    counts: runCounts(run.measures, run.audienceSize, run.endedAt !== null),
  };
}
