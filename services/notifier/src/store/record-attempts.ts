import { copyIn, type Transaction } from '@bijli/postgres';

/** What became of a whole message. Superseded and stale: written ahead, but known not to have left. */
export type MessageOutcome = 'accepted' | 'rejected' | 'in-doubt' | 'superseded' | 'stale';

/** What became of one message part, and of the message when this attempt settles it. */
export type Attempt = {
  readonly runDay: string;
  readonly runId: string;
  readonly chunkNo: number;
  readonly seq: number;
  readonly partNo: number;
  readonly epoch: number;
  readonly outcome: 'accepted' | 'rejected' | 'unsent' | 'in-doubt';
  readonly settles: MessageOutcome | null;
  /** Status of the answer, 4 octets unsigned. */
  readonly smppStatus: number | null;
  readonly provider: string;
  readonly providerMessageId: string | null;
  readonly recordedAt: Date;
};

const COLUMNS = [
  'run_day',
  'run_id',
  'chunk_no',
  'seq',
  'part_no',
  'epoch',
  'outcome',
  'settles',
  'command_status',
  'provider',
  'provider_message_id',
  'recorded_at',
];

/** Adds attempts by COPY, inside the caller's transaction. */
export async function recordAttempts(tx: Transaction, attempts: readonly Attempt[]): Promise<void> {
  await copyIn(
    tx,
    'attempt',
    COLUMNS,
    attempts.map((a) => [
      a.runDay,
      a.runId,
      a.chunkNo,
      a.seq,
      a.partNo,
      a.epoch,
      a.outcome,
      a.settles,
      a.smppStatus,
      a.provider,
      a.providerMessageId,
      a.recordedAt,
    ]),
  );
}
