import type { Database } from '@bijli/postgres';
import type { PersonalKind } from '../domain/personal-message.ts';
import type { OutageFacts, ToldRunKind } from '../domain/plan-run.ts';

/** A chunk that this process holds for as long as its lease and its epoch last. */
export type ClaimedChunk = BroadcastChunk | PersonalChunk;
/** A chunk of a run with one payload for all. */
export type BroadcastChunk = ChunkInHand & { readonly kind: ToldRunKind; readonly facts: OutageFacts };
/** A chunk of a run whose messages have facts of their own. */
export type PersonalChunk = ChunkInHand & { readonly kind: PersonalKind; readonly facts: null };

type ChunkInHand = {
  readonly runId: string;
  readonly chunkNo: number;
  readonly epoch: number;
  readonly threadId: string;
  readonly revision: number;
  readonly runDay: string;
  /** Why nothing of it is sent any more; null while its run is live. */
  readonly over: 'superseded' | 'stale' | null;
  readonly notAfter: Date;
  readonly traceparent: string | null;
  readonly rangeFrom: string | null;
  readonly rangeTo: string | null;
  readonly isExpanded: boolean;
  readonly carriers: number;
  readonly cursor: number;
};

/** How long a claim lasts without renewal. */
export const LEASE_SECONDS = 30;

/**
 * Claims one unfinished chunk with a free lease: by lane, then oldest run, then chunk; those who hear
 * first (chunk 0) are all written ahead before anybody else of the run is claimed. Chunks of runs that are over are
 * claimed too, even while sending is stopped: they only have to be closed. A run waits while a holder of an older
 * revision has messages on their way: whether those were told decides what it says.
 * @returns null when there is nothing to do.
 */
export async function claimChunk(db: Database): Promise<ClaimedChunk | null> {
  // (select …): whether sending is stopped is asked once, not of every chunk.
  const { rows } = (await db.raw(
    `with free as (
       select c.run_id, c.chunk_no
         from chunk c join run r on r.run_id = c.run_id
        where c.state <> 'done' and (c.leased_until is null or c.leased_until < now())
          and r.ended_at is null
          and not exists (select from chunk z where z.run_id = c.run_id and z.chunk_no = 0 and c.chunk_no > 0
                             and z.state <> 'done' and (z.carriers is null or z.cursor < z.carriers))
          and not exists (select from run o join chunk u on u.run_id = o.run_id
                           where o.thread_id = r.thread_id and o.revision < r.revision and o.ended_at is null
                             and u.state <> 'done' and u.cursor > 0 and u.leased_until >= now())
          and (r.state = 'superseded' or (r.state = 'open' and (r.not_after <= now() or not (select sending_is_stopped()))))
        order by r.lane, r.planned_at, r.run_id, c.chunk_no
        limit 1
        for update of c skip locked)
     update chunk c
        set epoch = c.epoch + 1, leased_until = now() + make_interval(secs => :lease)
       from free join run r on r.run_id = free.run_id
      where c.run_id = free.run_id and c.chunk_no = free.chunk_no
     returning c.run_id, c.chunk_no, c.epoch, r.thread_id, r.revision, r.kind, to_char(r.run_day, 'YYYY-MM-DD') as run_day,
               case when r.state <> 'open' then 'superseded' when r.not_after <= now() then 'stale' end as over, r.not_after, r.facts, r.traceparent, c.range_from, c.range_to, c.state as chunk_state, c.carriers, c.cursor`,
    { lease: LEASE_SECONDS },
  )) as { rows: ClaimRow[] };
  return rows[0] === undefined ? null : claimedChunk(rows[0]);
}

type ClaimRow = {
  readonly run_id: string;
  readonly chunk_no: number;
  readonly epoch: number;
  readonly thread_id: string;
  readonly revision: string;
  readonly kind: ToldRunKind | PersonalKind;
  readonly run_day: string;
  readonly over: 'superseded' | 'stale' | null;
  readonly not_after: Date;
  readonly facts: StoredFacts | null;
  readonly traceparent: string | null;
  readonly range_from: string | null;
  readonly range_to: string | null;
  readonly chunk_state: string;
  readonly carriers: number | null;
  readonly cursor: number;
};

/** Facts as jsonb keeps them: instants as text. */
type StoredFacts = {
  [K in keyof OutageFacts]: OutageFacts[K] extends Date
    ? string
    : OutageFacts[K] extends Date | null
      ? string | null
      : OutageFacts[K];
};

function claimedChunk(row: ClaimRow): ClaimedChunk {
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
  };
}

function chunkInHand(row: ClaimRow): ChunkInHand {
  return {
    runId: row.run_id,
    chunkNo: row.chunk_no,
    epoch: row.epoch,
    threadId: row.thread_id,
    revision: Number(row.revision),
    runDay: row.run_day,
    over: row.over,
    notAfter: row.not_after,
    traceparent: row.traceparent,
    rangeFrom: row.range_from,
    rangeTo: row.range_to,
    isExpanded: row.chunk_state === 'expanded',
    carriers: row.carriers ?? 0,
    cursor: row.cursor,
  };
}
