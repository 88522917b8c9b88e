/**
 * Why octets of a topic cannot be read as records: `unknown-codec` (Kafka defines 0 to 4), `bad-checksum` (CRC-32C), `unknown-format` (the
 * magic is not 2), `wrong-length` (lengths that do not fit each other), `unpacks-too-large`, `cannot-unpack` (not what its codec makes),
 * `malformed` (fields or records that cannot be), `no-progress` (nothing in it is new, so that it would come again for ever), `gone` (the topic
 * does not have it any more: only what is read again is met so).
 */
export type UnreadableReason =
  | 'unknown-codec'
  | 'bad-checksum'
  | 'unknown-format'
  | 'wrong-length'
  | 'unpacks-too-large'
  | 'cannot-unpack'
  | 'malformed'
  | 'no-progress'
  | 'gone';

/** Why and what is said of offsets that the topic has forgotten. */
export const GONE = { reason: 'gone', detail: 'the topic does not have it any more' } as const;

/** Records of one partition, from the first to the last offset, that cannot be read at all: not even their keys are known. */
export type UnreadableBatch = {
  readonly topic: string;
  readonly partition: number;
  readonly first: bigint;
  readonly last: bigint;
  readonly reason: UnreadableReason;
  /** What is known of it in a few words: codec and octets. It holds nothing of its content. */
  readonly detail: string;
};

/** The same, as one fetched set shows it: how far it reaches may be out of sight (null). `end` is that of the partition; it ends before. */
export type FoundUnreadable = Omit<UnreadableBatch, 'last'> & { readonly last: bigint | null; readonly end: bigint };

/** Thrown within this folder by what cannot be read. */
export class UnreadableError extends Error {
  readonly reason: UnreadableReason;

  constructor(reason: UnreadableReason) {
    super(reason);
    this.name = 'UnreadableError';
    this.reason = reason;
  }
}
