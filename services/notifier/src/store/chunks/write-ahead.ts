import { execute, query, type Database, type Transaction, withTransaction } from '@bijli/postgres';
import { recordStates } from '../messages/record-states.ts';
import type { ChunkKey } from './claimed-chunk.ts';

/** What of a chunk goes out now: everything up to `cursor`, and some of what came back. */
export type Ahead = ChunkKey & {
  readonly runDay: string;
  readonly cursor: number;
  /** isAmbiguous: counted as in doubt until now. */
  readonly again: readonly { readonly seq: number; readonly sendNo: number; readonly isAmbiguous: boolean }[];
};

/**
 * Writes ahead what is to enter a socket: write-ahead and freshness in one statement for a whole grant (PROTOCOL.md, step 7). The runs are
 * share-locked, so that a newer revision (supersede-older-runs.ts) either waits for this write or is seen by it. A chunk that somebody
 * locks is left out this time.
 * @returns the chunks of which it was written, as `runId/chunkNo`: not those that are superseded, past their use, stopped, lost, or that wait.
 */
export async function writeAhead(
  db: Database,
  ahead: readonly Ahead[],
  provider: string,
): Promise<ReadonlySet<string>> {
  const again = ahead.flatMap((chunk) => chunk.again.map((message) => ({ ...chunk, ...message })));
  if (again.length === 0) return new Set((await moveCursors(db, ahead)).map(chunkName));
  return withTransaction(db, async (tx) => {
    const moved = new Set((await moveCursors(tx, ahead)).map(chunkName));
    const written = again.filter((message) => moved.has(chunkName(message)));
    if (written.length > 0) await sendAgain(tx, written, provider);
    return moved;
  });
}

/** Finds which of chunks that were kept back wait for a newer cut, as `runId/chunkNo`; the others were locked, or are over. */
export async function findWaiting(db: Database, chunks: readonly ChunkKey[]): Promise<ReadonlySet<string>> {
  const rows = await query<{ readonly runId: string; readonly chunkNo: number }>(
    db,
    `select c.run_id as "runId", c.chunk_no as "chunkNo"
       from unnest(:runIds::uuid[], :chunkNos::int[]) as k (run_id, chunk_no)
       join chunk c on c.run_id = k.run_id and c.chunk_no = k.chunk_no
      where ${WAITS}`,
    { runIds: chunks.map(({ runId }) => runId), chunkNos: chunks.map(({ chunkNo }) => chunkNo) },
  );
  return new Set(rows.map(chunkName));
}

/** Names a chunk as a map key. */
export function chunkName({ runId, chunkNo }: Pick<ChunkKey, 'runId' | 'chunkNo'>): string {
  return `${runId}/${chunkNo}`;
}

/**
 * Whether newer news that meets the chunk is not judged yet for some of its mobiles (note-waits.ts): what is back may be off again there, and an
 * outage that the run names may be over.
 */
const WAITS = `exists (
            select from run_wait wait
              join run newer on newer.run_id = wait.for_run_id and newer.state = 'open'
              join chunk u on u.run_id = newer.run_id and u.state = 'waiting' and u.mobiles is null
             where wait.run_id = c.run_id and (c.says_back or wait.is_of_claim)
               and (u.range_from is null or c.range_from is null or (u.range_from <= c.range_to and u.range_to >= c.range_from)))`;

function moveCursors(
  on: Database | Transaction,
  ahead: readonly Ahead[],
): Promise<{ readonly runId: string; readonly chunkNo: number }[]> {
  return query(
    on,
    `with live as materialized (
       select run_id from run where run_id = any(:runIds::uuid[]) and state = 'open' and not_after > now() order by run_id for share),
     mine as materialized (
       select c.run_id, c.chunk_no, w.cursor
         from unnest(:runIds::uuid[], :chunkNos::int[], :epochs::int[], :cursors::int[]) as w (run_id, chunk_no, epoch, cursor)
         join live on live.run_id = w.run_id
         join chunk c on c.run_id = w.run_id and c.chunk_no = w.chunk_no and c.epoch = w.epoch
        where not (select sending_is_stopped())
          and not ${WAITS}
          for no key update of c skip locked)
     update chunk c set cursor = greatest(c.cursor, mine.cursor)
       from mine where c.run_id = mine.run_id and c.chunk_no = mine.chunk_no
     returning c.run_id as "runId", c.chunk_no as "chunkNo"`,
    {
      runIds: ahead.map(({ runId }) => runId),
      chunkNos: ahead.map(({ chunkNo }) => chunkNo),
      epochs: ahead.map(({ epoch }) => epoch),
      cursors: ahead.map(({ cursor }) => cursor),
    },
  );
}

type SentAgain = ChunkKey & Pick<Ahead, 'runDay'> & Ahead['again'][number];

/**
 * Writes that messages go once more. What was in doubt is counted so no more, unless something is written of it since: of one that a holder
 * who is gone gave back late, for example, that was counted then.
 */
async function sendAgain(tx: Transaction, messages: readonly SentAgain[], provider: string): Promise<void> {
  const recordedAt = new Date();
  const unknown = { state: 'underway', commandStatus: null, messageIds: null, provider, recordedAt } as const;
  const doubtful = messages.filter(({ isAmbiguous }) => isAmbiguous);
  await recordStates(
    tx,
    doubtful.map(({ runDay, runId, chunkNo, epoch, seq, sendNo }) => ({
      ...unknown,
      runDay,
      runId,
      chunkNo,
      epoch,
      seq,
      sendNo,
    })),
  );
  const others = messages.filter(({ isAmbiguous }) => !isAmbiguous);
  if (others.length > 0) await insertUnderway(tx, others, provider);
}

async function insertUnderway(tx: Transaction, messages: readonly SentAgain[], provider: string): Promise<void> {
  await execute(
    tx,
    `insert into message_state (run_day, run_id, chunk_no, seq, send_no, epoch, state, provider, recorded_at)
     select run_day, run_id, chunk_no, seq, send_no, epoch, 'underway', :provider, now()
       from unnest(:runDays::date[], :runIds::uuid[], :chunkNos::int[], :seqs::int[], :sendNos::smallint[], :epochs::int[])
            as m (run_day, run_id, chunk_no, seq, send_no, epoch)`,
    {
      provider,
      runDays: messages.map(({ runDay }) => runDay),
      runIds: messages.map(({ runId }) => runId),
      chunkNos: messages.map(({ chunkNo }) => chunkNo),
      seqs: messages.map(({ seq }) => seq),
      sendNos: messages.map(({ sendNo }) => sendNo),
      epochs: messages.map(({ epoch }) => epoch),
    },
  );
}
