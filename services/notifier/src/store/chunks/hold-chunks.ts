import { type Database, execute, query, type Transaction } from '@bijli/postgres';
import { WAITS_FOR_UNTOLD } from './wait-for-untold.ts';
import { CHUNK_COLUMNS, type ChunkKey, type ChunkRow, type ClaimedChunk, claimedChunk } from './claimed-chunk.ts';

/** Which chunks a process takes. */
export type HoldInput = {
  readonly holderId: string;
  /** Holders that are known to be gone. */
  readonly dead: readonly string[];
  /** How many of each lane, by its number; of those that are not named, none. */
  readonly room: ReadonlyMap<number, number>;
  /** Of one run at a time: one that is sent, one that is expanded meanwhile, and those whose last answers are awaited. */
  readonly mostOfRun: number;
  /** Parts that a text has at most: places of a message in the ends of its chunk, for those that begin now. */
  readonly partStride: number;
};

/**
 * Takes free chunks that have something to do, with their next epoch: of each lane the oldest run first, then by chunk; those who hear first
 * (chunk 0) are all written ahead before others of their run are taken, and who was told before waits for who was told nothing. Chunks of runs that are over are taken too, even while sending is
 * stopped: they only have to be closed. A chunk is free when nobody holds it, or its holder is gone.
 */
export async function holdChunks(db: Database, { room, ...input }: HoldInput): Promise<ClaimedChunk[]> {
  if (room.size === 0) return [];
  const rows = await query<ChunkRow>(
    db,
    `with free as (
       select f.run_id, f.chunk_no
         from unnest(:lanes::smallint[], :rooms::int[]) as in_hand (lane, room)
        cross join lateral (select * from (${FREE_OF_LANE}) first limit in_hand.room) f)
     update chunk c set epoch = c.epoch + 1, holder_id = :holderId, leased_until = null,
            part_stride = case when c.state = 'waiting' then :partStride::smallint else c.part_stride end
       from free join run r on r.run_id = free.run_id
      where c.run_id = free.run_id and c.chunk_no = free.chunk_no
     returning ${CHUNK_COLUMNS}`,
    { ...input, lanes: [...room.keys()], rooms: [...room.values()], mostRoom: Math.max(...room.values()) },
  );
  return rows
    .map(claimedChunk)
    .sort((a, b) => a.lane - b.lane || a.plannedAt.getTime() - b.plannedAt.getTime() || a.chunkNo - b.chunkNo);
}

/**
 * Each lane by itself: PostgreSQL reads no further than there is room. That it plans for a few needs a limit that it knows: the largest of all lanes; the
 * room of one is a column. (select …): whether sending is stopped is asked once, not of every chunk.
 */
const FREE_OF_LANE = `
         select c.run_id, c.chunk_no
           from run r
          cross join lateral (
                select c.run_id, c.chunk_no
                  from chunk c
                 where c.run_id = r.run_id and c.state <> 'done'
                   and (c.holder_id is null or c.holder_id = any(:dead::uuid[])
                        or not exists (select from holder h where h.holder_id = c.holder_id))
                   and (c.leased_until is null or c.leased_until < now()) and (c.not_before is null or c.not_before <= now())
                   and (c.chunk_no = 0 or r.state <> 'open' or not exists (
                        select from chunk z where z.run_id = c.run_id and z.chunk_no = 0
                           and z.state <> 'done' and (z.carriers is null or z.cursor < z.carriers)))
                   and (r.state <> 'open' or r.not_after <= now() or (${WAITS_FOR_UNTOLD('c')}) is not true)
                 order by c.chunk_no
                 limit greatest(0, :mostOfRun::int - (select count(*) from chunk m
                                                       where m.run_id = r.run_id and m.holder_id = :holderId and m.state <> 'done'
                                                         and (m.carriers is null or m.cursor < m.carriers and (${WAITS_FOR_UNTOLD('m')}) is not true)))
                   for update of c skip locked) c
          where r.lane = in_hand.lane and r.ended_at is null and r.state in ('open', 'superseded')
            and (r.state = 'superseded' or r.not_after <= now() or not (select sending_is_stopped()))
          order by r.planned_at, r.run_id, c.chunk_no
          limit :mostRoom::int`;

/** Locks a chunk that this holder still holds, inside the caller's transaction. @returns false when it was lost. */
export async function lockChunk(tx: Transaction, { runId, chunkNo, epoch }: ChunkKey): Promise<boolean> {
  const rows = await query(
    tx,
    'select from chunk where run_id = :runId and chunk_no = :chunkNo and epoch = :epoch for no key update',
    { runId, chunkNo, epoch },
  );
  return rows.length === 1;
}

/** A chunk that was expanded already: its messages, and how many of them, the first, go to people who were told nothing yet. */
export type ExpandedBefore = { readonly carriers: number; readonly neverTold: number };

/**
 * Tells how many messages a chunk has that was expanded already, though nobody heard of it: the answer to the commit was lost, or what came after
 * it failed. Null when it was not. Inside the transaction that has it locked.
 */
export async function carriersIfExpanded(
  tx: Transaction,
  { runId, chunkNo }: ChunkKey,
): Promise<ExpandedBefore | null> {
  const [chunk] = await query<ExpandedBefore>(
    tx,
    `select carriers, coalesce(never_told, carriers) as "neverTold" from chunk where run_id = :runId and chunk_no = :chunkNo and state <> 'waiting'`,
    { runId, chunkNo },
  );
  return chunk ?? null;
}

/**
 * Gives back what this process holds and does not know of: the answer to its taking was lost, and as long as it lives nobody else may take it.
 * @returns how many there were.
 */
export function releaseForgotten(
  db: Database,
  holderId: string,
  inHand: readonly Pick<ChunkKey, 'runId' | 'chunkNo'>[],
): Promise<number> {
  return execute(
    db,
    `update chunk c set holder_id = null
      where c.holder_id = :holderId and c.state <> 'done'
        and not exists (select from unnest(:runIds::uuid[], :chunkNos::int[]) as known (run_id, chunk_no)
                         where known.run_id = c.run_id and known.chunk_no = c.chunk_no)`,
    { holderId, runIds: inHand.map(({ runId }) => runId), chunkNos: inHand.map(({ chunkNo }) => chunkNo) },
  );
}

/** Gives chunks back, so that the next holder need not wait. Those that were lost stay as they are. */
export async function releaseChunks(db: Database, chunks: readonly ChunkKey[]): Promise<void> {
  if (chunks.length === 0) return;
  await execute(
    db,
    `update chunk c set holder_id = null
       from unnest(:runIds::uuid[], :chunkNos::int[], :epochs::int[]) as held (run_id, chunk_no, epoch)
      where c.run_id = held.run_id and c.chunk_no = held.chunk_no and c.epoch = held.epoch`,
    {
      runIds: chunks.map(({ runId }) => runId),
      chunkNos: chunks.map(({ chunkNo }) => chunkNo),
      epochs: chunks.map(({ epoch }) => epoch),
    },
  );
}
