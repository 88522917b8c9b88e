import type { PersonalKind } from '../../domain/personal-message.ts';
import type { OutageFacts, ToldRunKind } from '../../domain/plan-run.ts';

/** A chunk that this process holds, under its epoch. */
export type ClaimedChunk = BroadcastChunk | PersonalChunk;
/** A chunk of a run with one scope for all. */
export type BroadcastChunk = ChunkInHand & { readonly kind: ToldRunKind; readonly facts: OutageFacts };
/** A chunk of a run whose messages have facts of their own. */
export type PersonalChunk = ChunkInHand & { readonly kind: PersonalKind; readonly facts: null };

/** What names a chunk under one holder. */
export type ChunkKey = { readonly runId: string; readonly chunkNo: number; readonly epoch: number };

type ChunkInHand = ChunkKey & {
  readonly threadId: string;
  readonly revision: number;
  readonly runDay: string;
  /** Number of the run's lane. */
  readonly lane: number;
  readonly notAfter: Date;
  readonly plannedAt: Date;
  readonly audienceSize: number;
  readonly nodeIds: readonly string[];
  readonly ownNodeIds: readonly string[];
  readonly traceparent: string | null;
  readonly rangeFrom: string | null;
  readonly rangeTo: string | null;
  /** Mobiles of an extra chunk. */
  readonly mobiles: readonly string[] | null;
  readonly isExpanded: boolean;
  readonly carriers: number;
  /** So many messages, the first, go to people who were told nothing yet. */
  readonly neverTold: number;
  /** Whether its run may speak to such people. */
  readonly hasUntold: boolean;
  readonly partStride: number;
  readonly cursor: number;
};

/** What is read of a chunk `c` and its run `r`. */
export const CHUNK_COLUMNS = `c.run_id, c.chunk_no, c.epoch, r.thread_id, r.revision, r.kind, to_char(r.run_day, 'YYYY-MM-DD') as run_day, r.lane,
  r.not_after, r.planned_at, r.audience_size, r.node_ids, r.own_node_ids, r.facts, r.traceparent, r.has_untold, c.range_from, c.range_to, c.mobiles,
  c.state as chunk_state, c.carriers, c.never_told, c.part_stride, c.cursor`;

export type ChunkRow = {
  readonly run_id: string;
  readonly chunk_no: number;
  readonly epoch: number;
  readonly thread_id: string;
  readonly revision: string;
  readonly kind: ToldRunKind | PersonalKind;
  readonly run_day: string;
  readonly lane: number;
  readonly not_after: Date;
  readonly planned_at: Date;
  readonly audience_size: number;
  readonly node_ids: string[];
  readonly own_node_ids: string[];
  readonly facts: StoredFacts | null;
  readonly traceparent: string | null;
  readonly range_from: string | null;
  readonly range_to: string | null;
  readonly mobiles: string[] | null;
  readonly chunk_state: string;
  readonly carriers: number | null;
  readonly never_told: number | null;
  readonly has_untold: boolean;
  readonly part_stride: number;
  readonly cursor: number;
};

/** Facts as jsonb keeps them: instants as text. */
type StoredFacts = {
  readonly [K in keyof OutageFacts]: OutageFacts[K] extends Date
    ? string
    : OutageFacts[K] extends Date | null
      ? string | null
      : OutageFacts[K];
};

/** Reads a row of CHUNK_COLUMNS. */
export function claimedChunk(row: ChunkRow): ClaimedChunk {
  const chunk = chunkInHand(row);
  return row.facts === null
    ? { ...chunk, kind: row.kind as PersonalKind, facts: null }
    : { ...chunk, kind: row.kind as ToldRunKind, facts: factsOf(row.facts) };
}

function factsOf(facts: StoredFacts): OutageFacts {
  return {
    outageKind: facts.outageKind,
    cause: facts.cause,
    startsAt: new Date(facts.startsAt),
    estimatedRestorationAt: new Date(facts.estimatedRestorationAt),
    restoredAt: facts.restoredAt === null ? null : new Date(facts.restoredAt),
    saidAt: new Date(facts.saidAt ?? facts.startsAt),
  };
}

function chunkInHand(row: ChunkRow): ChunkInHand {
  return {
    runId: row.run_id,
    chunkNo: row.chunk_no,
    epoch: row.epoch,
    threadId: row.thread_id,
    revision: Number(row.revision),
    runDay: row.run_day,
    lane: row.lane,
    notAfter: row.not_after,
    plannedAt: row.planned_at,
    audienceSize: row.audience_size,
    nodeIds: row.node_ids,
    ownNodeIds: row.own_node_ids,
    traceparent: row.traceparent,
    rangeFrom: row.range_from,
    rangeTo: row.range_to,
    mobiles: row.mobiles,
    isExpanded: row.chunk_state !== 'waiting',
    carriers: row.carriers ?? 0,
    neverTold: row.never_told ?? row.carriers ?? 0,
    hasUntold: row.has_untold,
    partStride: row.part_stride,
    cursor: row.cursor,
  };
}
