import type { Database, Transaction } from '@bijli/postgres';
import { query } from '@bijli/postgres';
import { MASKED_HEADER } from './mask-foreign-record.ts';

/** A record that no retry helped. It is waiting until somebody replays or discards it. `detail` holds no value of the record. */
export type DeadLetter = {
  readonly id: string;
  readonly subscription: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
  /** The last of several offsets, or of the one, whose octets are not kept but left in the topic; null where the record is kept. */
  readonly lastOffset: bigint | null;
  readonly key: string;
  readonly eventId: string | null;
  readonly version: number | null;
  readonly reason: string;
  readonly detail: string;
  /** How often it has died: more than once after a replay that did not help. */
  readonly deaths: number;
  readonly latestDiedAt: Date;
  /** It held a number in the open and was masked before it was stored: there is nothing left to replay. */
  readonly isMasked: boolean;
  /** Something before it in its partition is still to be read from the topic: it cannot be replayed before that. */
  readonly isBehind: boolean;
};

type DeadLetterRow = {
  readonly id: string;
  readonly subscription: string;
  readonly topic: string;
  readonly partition: number;
  readonly record_offset: string;
  readonly last_offset: string | null;
  readonly key: string;
  readonly event_id: string | null;
  readonly version: string | null;
  readonly reason: string;
  readonly detail: string;
  readonly deaths: number;
  readonly latest_died_at: Date;
  readonly is_masked: boolean;
  readonly is_behind: boolean;
};

/** As text: json functions choke on a NUL in another header. A quote inside a header's value is escaped, so this is its name. */
export const IS_MASKED = `position('"${MASKED_HEADER}":' in headers::text) > 0`;
/** A condition on dead_letter. Its key may have said more in a batch before it that is being read again, and what a key says has an order. */
export const IS_BEHIND = `exists (
  select from topic_reading r join dead_letter earlier on earlier.id = r.dead_letter_id
   where earlier.subscription = dead_letter.subscription and earlier.topic = dead_letter.topic
     and earlier.partition = dead_letter.partition and earlier.record_offset < dead_letter.record_offset)`;
const COLUMNS = `id, subscription, topic, partition, record_offset, last_offset, key, event_id, version, reason, detail, deaths,
  latest_died_at, ${IS_MASKED} as is_masked, ${IS_BEHIND} as is_behind`;

const DEFAULT_LIMIT = 100;

/** Which waiting dead letters are meant; all conditions hold together, and those that are absent do not count. */
export type DeadLetterFilter = {
  readonly id?: string | undefined;
  readonly subscription?: string | undefined;
  readonly reason?: string | undefined;
  /** Those that died, the last time, at this instant or later. */
  readonly since?: Date | undefined;
};

/** Who names one may mean what is replayed and still to be read: it may be given up. */
const MEANT = `(state = 'waiting' or (:id::bigint is not null and exists (select from topic_reading r where r.dead_letter_id = dead_letter.id)))
  and (:id::bigint is null or id = :id) and (:subscription::text is null or subscription = :subscription)
  and (:reason::text is null or reason = :reason) and (:since::timestamptz is null or latest_died_at >= :since)`;

type Meant = Readonly<Record<'id' | 'subscription' | 'reason', string | null>> & { readonly since: Date | null };

function meantBy({ id, subscription, reason, since }: DeadLetterFilter): Meant {
  return { id: id ?? null, subscription: subscription ?? null, reason: reason ?? null, since: since ?? null };
}

/** Lists dead letters that wait for a decision, oldest first, 100 at most unless told. */
export async function listDeadLetters(
  on: Database | Transaction,
  { limit = DEFAULT_LIMIT, ...filter }: DeadLetterFilter & { limit?: number } = {},
): Promise<DeadLetter[]> {
  const rows = await query<DeadLetterRow>(
    on,
    `select ${COLUMNS} from dead_letter where ${MEANT} order by id limit :limit`,
    { ...meantBy(filter), limit },
  );
  return rows.map(deadLetterOf);
}

/** Waiting dead letters of one subscription that died for the same reason. */
export type DeadLetterGroup = {
  readonly subscription: string;
  readonly reason: string;
  readonly waiting: number;
  readonly oldestDiedAt: Date;
  readonly latestDiedAt: Date;
};

/** Counts dead letters that wait for a decision, by subscription and reason, the largest group first. */
export async function groupDeadLetters(
  on: Database | Transaction,
  filter: DeadLetterFilter = {},
): Promise<DeadLetterGroup[]> {
  return await query<DeadLetterGroup>(
    on,
    `select subscription, reason, count(*)::integer as waiting,
            min(latest_died_at) as "oldestDiedAt", max(latest_died_at) as "latestDiedAt"
       from dead_letter
      where ${MEANT}
      group by subscription, reason
      order by waiting desc, subscription, reason`,
    meantBy(filter),
  );
}

/** What somebody decided about a dead letter. */
export type DeadLetterDecision = {
  readonly action: 'replay' | 'discard';
  readonly who: string;
  readonly decidedAt: Date;
};
/** A dead letter with the record as it is kept, and what was decided about it, oldest first. */
export type WholeDeadLetter = DeadLetter & {
  readonly state: 'waiting' | 'replayed' | 'discarded';
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly receivedAt: Date;
  readonly decisions: DeadLetterDecision[];
  /** Its replay reads it from its topic; null where nothing is to be read, or all was. */
  readonly reading: DeadLetterReading | null;
};
/** What is to be read from its topic, and how often and why it could not be (class and code of the error); `dueAt` is its next turn. */
export type DeadLetterReading = { readonly failures: number; readonly failure: string | null; readonly dueAt: Date };

type WholeRow = DeadLetterRow & {
  readonly state: WholeDeadLetter['state'];
  readonly value: Buffer | null;
  readonly headers: Record<string, string>;
  readonly received_at: Date;
};

/** Gives one dead letter with everything that is kept of it, whatever was decided about it; null when there is none. */
export async function getDeadLetter(on: Database | Transaction, id: string): Promise<WholeDeadLetter | null> {
  const [row] = await query<WholeRow>(
    on,
    `select ${COLUMNS}, state, value, headers, received_at from dead_letter where id = :id`,
    { id },
  );
  if (row === undefined) return null;
  const decisions = await query<DeadLetterDecision>(
    on,
    'select action, who, decided_at as "decidedAt" from dead_letter_replay where dead_letter_id = :id order by id',
    { id },
  );
  const [reading = null] = await query<DeadLetterReading>(
    on,
    'select failures, failure, due_at as "dueAt" from topic_reading where dead_letter_id = :id',
    { id },
  );
  const { state, value, headers, received_at: receivedAt } = row;
  return { ...deadLetterOf(row), state, value, headers, receivedAt, decisions, reading };
}

function deadLetterOf(row: DeadLetterRow): DeadLetter {
  const { id, subscription, topic, partition, key, reason, detail, deaths } = row;
  return {
    ...{ id, subscription, topic, partition, key, reason, detail, deaths },
    offset: BigInt(row.record_offset),
    lastOffset: row.last_offset === null ? null : BigInt(row.last_offset),
    eventId: row.event_id,
    version: row.version === null ? null : Number(row.version),
    latestDiedAt: row.latest_died_at,
    isMasked: row.is_masked,
    isBehind: row.is_behind,
  };
}
