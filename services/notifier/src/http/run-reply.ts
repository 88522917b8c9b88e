import type { Database } from '@bijli/postgres';
import { instantText } from '@bijli/service';
import { z } from 'zod';
import { type LinkStanding, obstacleOf, waitReason } from '../domain/wait-reason.ts';
import { partsByNow, runCounts } from '../domain/run-counts.ts';
import type { RunView } from '../store/runs/find-runs.ts';
import { countAhead } from '../store/runs/measure-backlog.ts';
import { readSendingSwitch } from '../store/runs/sending-switch.ts';

const count = z.int().nonnegative();

/** A run in an answer. */
export const runBody = z.strictObject({
  runId: z.uuid(),
  thread: z.string(),
  /** Null for bills, payments and complaints. */
  outageId: z.uuid().nullable(),
  revision: z.int(),
  kind: z.enum(['planned', 'unplanned', 'estimate', 'cancelled', 'restored', 'ended', 'bill', 'payment', 'complaint']),
  state: z.enum(['open', 'held', 'refused', 'superseded', 'complete']),
  stateReason: z.string().nullable().meta({
    description:
      'Why the run is held, refused or superseded, or what an open one waits for: the stop switch, the SMPP link, earlier runs',
    example: 'sending is stopped since 2026-01-30T08:35:00.000Z by shift-2: wrong texts',
  }),
  asked: z
    .array(
      z.strictObject({
        kind: z.enum(['release', 'recall']),
        askedBy: z.string(),
        reason: z.string(),
        askedAt: instantText,
      }),
    )
    .meta({ description: 'What somebody asked to be done with it, and another person has not confirmed yet' }),
  plannedAt: instantText,
  endedAt: instantText.nullable(),
  notAfter: instantText,
  traceId: z.string().nullable(),
  counts: z.strictObject({
    audience: count,
    planned: count.meta({
      description:
        'Contacts in the scope when the run was planned; who left it before its chunk was read is not counted in audience',
    }),
    cameLater: count.meta({
      description: 'Mobiles that came into the scope after the plan, and were told in a chunk of their own',
    }),
    pending: count,
    accepted: count,
    rejected: count,
    inDoubt: count,
    superseded: count,
    stale: count,
    unrenderable: count.meta({
      description: 'Texts that could not be made: a value too long, a number that no key opens',
    }),
    coalesced: count,
    skipped: z.record(z.string(), count),
    /** Receipts of message parts; `other` are ends in words of the carrier's own, by word. */
    parts: z.strictObject({
      accepted: count,
      delivered: count,
      failed: count,
      other: z.record(z.string(), count),
      awaited: count,
      unknown: count.meta({
        description: 'No receipt came while one could: until three days after the end of their use (notAfter)',
      }),
    }),
  }),
});

const OUTAGE = 'outage:';

/**
 * Turns runs into their answers. What keeps an open one from going on is found when it is asked for: the switch, the link of this process,
 * and the runs before it change without the run.
 */
export async function runReplies(
  db: Database,
  standing: () => LinkStanding,
  runs: readonly RunView[],
): Promise<z.input<typeof runBody>[]> {
  const open = runs.filter(({ state, endedAt }) => state === 'open' && endedAt === null).map(({ runId }) => runId);
  if (open.length === 0) return runs.map((run) => runReply(run, run.stateReason));
  const [state, ahead] = await Promise.all([readSendingSwitch(db), countAhead(db, open)]);
  const obstacle = obstacleOf({ ...state, link: standing() });
  return runs.map((run) => {
    const waits = ahead.has(run.runId) ? waitReason(obstacle, ahead.get(run.runId) ?? 0) : null;
    return runReply(run, waits ?? run.stateReason);
  });
}

function runReply(run: RunView, stateReason: string | null): z.input<typeof runBody> {
  const counts = runCounts(run.measures, run.audienceSize, run.endedAt !== null);
  return {
    runId: run.runId,
    thread: run.threadId,
    outageId: run.threadId.startsWith(OUTAGE) ? run.threadId.slice(OUTAGE.length) : null,
    revision: run.revision,
    kind: run.kind as z.input<typeof runBody>['kind'],
    state: run.state as z.input<typeof runBody>['state'],
    stateReason,
    asked: run.asked.map((ask) => ({ ...ask, askedAt: ask.askedAt.toISOString() })),
    plannedAt: run.plannedAt.toISOString(),
    endedAt: run.endedAt?.toISOString() ?? null,
    notAfter: run.notAfter.toISOString(),
    // traceparent: version, trace id, span id, flags (W3C Trace Context, 3.2.2).
    traceId: run.traceparent?.split('-')[1] ?? null,
    counts: { ...counts, parts: partsByNow(counts.parts, run.notAfter, new Date()) },
  };
}
