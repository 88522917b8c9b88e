import { execute, query, type Transaction } from '@bijli/postgres';
import { countedAs, foldSends, type MessageState, type SendFact } from '../../domain/message-states.ts';
import { addCounts, type CountDelta } from './add-counts.ts';

/** What became of one send of a message, other than its normal end. */
export type StatedMessage = {
  readonly runDay: string;
  readonly runId: string;
  readonly chunkNo: number;
  readonly seq: number;
  readonly sendNo: number;
  readonly epoch: number;
  readonly state: Exclude<MessageState, 'waiting'>;
  /** Status of the answer, 4 octets unsigned. */
  readonly commandStatus: number | null;
  readonly provider: string;
  /** By part, null where one was not accepted. */
  readonly messageIds: readonly (string | null)[] | null;
  readonly recordedAt: Date;
  /** An answer after its time: the send stands as ambiguous, and is counted so. */
  readonly isLate?: true;
};

/**
 * Adds states of messages, and changes the counts by what they change: what was counted and is another now is taken and given. The chunks
 * are locked in order, so that two that write of one message see each other. Inside the caller's transaction.
 */
export async function recordStates(tx: Transaction, stated: readonly StatedMessage[]): Promise<void> {
  if (stated.length === 0) return;
  await lockChunks(tx, stated);
  const before = await findFacts(tx, stated);
  await insertStates(tx, stated);
  const changes: CountDelta[] = [];
  for (const message of stated) {
    const facts = before.get(nameOf(message)) ?? [];
    const after = [...facts, message];
    before.set(nameOf(message), after);
    const { runDay, runId, chunkNo } = message;
    const parts = acceptedParts(after) - acceptedParts(facts);
    changes.push({ runDay, runId, chunkNo, measure: 'parts-accepted', n: parts });
    const [was, is] = [countedOf(facts), countedOf(after)];
    if (was === is) continue;
    if (was !== null) changes.push({ runDay, runId, chunkNo, measure: was, n: -1 });
    if (is !== null) changes.push({ runDay, runId, chunkNo, measure: is, n: 1 });
  }
  await addCounts(tx, changes);
}

function countedOf(facts: readonly SendFact[]) {
  const fact = foldSends(facts);
  return fact === null ? null : countedAs(fact.state);
}

/** What is known of one send, with the ids of its parts. */
type KnownSend = SendFact & Pick<StatedMessage, 'messageIds'>;

/** A part counts once, in however many states and sends it was accepted: so do its receipts. */
function acceptedParts(facts: readonly KnownSend[]): number {
  return new Set(facts.flatMap(({ messageIds }) => (messageIds ?? []).flatMap((id, n) => (id === null ? [] : [n]))))
    .size;
}

type MessageName = Pick<StatedMessage, 'runId' | 'chunkNo' | 'seq'>;
const nameOf = ({ runId, chunkNo, seq }: MessageName): string => `${runId}/${chunkNo}/${seq}`;

async function lockChunks(tx: Transaction, stated: readonly MessageName[]): Promise<void> {
  await query(
    tx,
    `select from chunk c
      where (c.run_id, c.chunk_no) in (select * from unnest(:runIds::uuid[], :chunkNos::int[]))
      order by c.run_id, c.chunk_no for no key update`,
    { runIds: stated.map(({ runId }) => runId), chunkNos: stated.map(({ chunkNo }) => chunkNo) },
  );
}

/** What is written of these messages already: their states, and whether they stand in a pack of accepted ones. */
async function findFacts(tx: Transaction, stated: readonly StatedMessage[]): Promise<Map<string, KnownSend[]>> {
  const rows = await query<MessageName & KnownSend>(
    tx,
    `with asked as materialized (
       select distinct * from unnest(:runDays::date[], :runIds::uuid[], :chunkNos::int[], :seqs::int[]) as m (run_day, run_id, chunk_no, seq))
     select m.run_id as "runId", m.chunk_no as "chunkNo", m.seq, s.send_no as "sendNo", s.state, s.message_ids as "messageIds"
       from asked m
      cross join lateral (select s.send_no, s.state, s.message_ids from message_state s
                           where s.run_day = any(:runDays::date[]) and s.run_day = m.run_day and s.run_id = m.run_id and s.chunk_no = m.chunk_no and s.seq = m.seq offset 0) s
      union all
     select m.run_id, m.chunk_no, m.seq, 1, 'accepted', array_fill(''::text, array[p.parts::int])
       from (select distinct run_day, run_id, chunk_no from asked) c
      cross join lateral (select unnest(p.seqs) as seq, p.parts from accepted_pack p
                           where p.run_day = any(:runDays::date[]) and p.run_day = c.run_day and p.run_id = c.run_id and p.chunk_no = c.chunk_no offset 0) p
       join asked m on m.run_id = c.run_id and m.chunk_no = c.chunk_no and m.seq = p.seq`,
    {
      runDays: stated.map(({ runDay }) => runDay),
      runIds: stated.map(({ runId }) => runId),
      chunkNos: stated.map(({ chunkNo }) => chunkNo),
      seqs: stated.map(({ seq }) => seq),
    },
  );
  return Map.groupBy(rows, nameOf);
}

async function insertStates(tx: Transaction, stated: readonly StatedMessage[]): Promise<void> {
  await execute(
    tx,
    `insert into message_state (run_day, run_id, chunk_no, seq, send_no, epoch, state, command_status, provider, message_ids, recorded_at)
     select run_day, run_id, chunk_no, seq, send_no, epoch, state, status, provider,
            case when ids is not null then array(select nullif(id, '') from unnest(string_to_array(ids, e'\\x01')) as id) end, recorded_at
       from unnest(:runDays::date[], :runIds::uuid[], :chunkNos::int[], :seqs::int[], :sendNos::smallint[], :epochs::int[], :states::text[],
                   :statuses::bigint[], :providers::text[], :ids::text[], :recordedAts::timestamptz[])
            as m (run_day, run_id, chunk_no, seq, send_no, epoch, state, status, provider, ids, recorded_at)`,
    {
      runDays: stated.map(({ runDay }) => runDay),
      runIds: stated.map(({ runId }) => runId),
      chunkNos: stated.map(({ chunkNo }) => chunkNo),
      seqs: stated.map(({ seq }) => seq),
      sendNos: stated.map(({ sendNo }) => sendNo),
      epochs: stated.map(({ epoch }) => epoch),
      states: stated.map(({ state }) => state),
      statuses: stated.map(({ commandStatus }) => commandStatus),
      providers: stated.map(({ provider }) => provider),
      ids: stated.map(({ messageIds }) => messageIds?.map((id) => id ?? '').join('\u0001') ?? null),
      recordedAts: stated.map(({ recordedAt }) => recordedAt.toISOString()),
    },
  );
}
