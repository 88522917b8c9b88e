import { findTextTlv, type ReadMessage, type ShortMessage, tlvTags } from '@bijli/smpp';

/** What a handset shows, and how the message ended. */
export type HandsetMessage = {
  /** E.164 without the plus sign. */
  readonly to: string;
  readonly from: string;
  readonly receivedAt: Date;
  readonly dataCoding: number;
  readonly entityId: string;
  readonly templateId: string;
  /** The parts' texts; those that have not come are undefined. */
  readonly parts: (string | undefined)[];
  readonly messageIds: string[];
  state: 'accepted' | 'delivered' | 'failed' | 'unanswered';
  /** The receipt's error code, when it failed. */
  readonly error: string | null;
};

/** The latest messages, newest last. The truth is the log; this is for reading. */
export type MessageStore = {
  /** Keeps a message, or adds a part to one. */
  take(sm: ShortMessage, read: ReadMessage, receivedAt: Date): HandsetMessage;
  /** Gives the messages, newest first. */
  newestFirst(): Iterable<HandsetMessage>;
  size(): number;
};

/** Messages in parts that are put together at once. */
const MOST_INCOMPLETE = 1_000;

/** Makes a store of at most `capacity` messages; the oldest makes room. */
export function messageStore(capacity: number): MessageStore {
  const ring: HandsetMessage[] = [];
  const incomplete = new Map<string, HandsetMessage>();
  let next = 0;

  const keep = (message: HandsetMessage): void => {
    ring[next] = message;
    next = (next + 1) % capacity;
  };
  const begin = (sm: ShortMessage, total: number, receivedAt: Date): HandsetMessage => {
    const message: HandsetMessage = {
      to: sm.destinationAddr,
      from: sm.sourceAddr,
      receivedAt,
      dataCoding: sm.dataCoding,
      entityId: findTextTlv(sm.tlvs, tlvTags.dltEntityId) ?? '',
      templateId: findTextTlv(sm.tlvs, tlvTags.dltTemplateId) ?? '',
      parts: new Array<string | undefined>(total).fill(undefined),
      messageIds: [],
      state: 'accepted',
      error: null,
    };
    keep(message);
    return message;
  };

  return {
    take: (sm, { text, concatenation }, receivedAt) => {
      if (concatenation === null) {
        const message = begin(sm, 1, receivedAt);
        message.parts[0] = text;
        return message;
      }
      const { reference, total, number } = concatenation;
      const key = `${sm.destinationAddr} ${sm.sourceAddr} ${reference} ${total}`;
      const message = incomplete.get(key) ?? begin(sm, total, receivedAt);
      message.parts[number - 1] = text;
      incomplete.delete(key);
      if (message.parts.includes(undefined)) incomplete.set(key, message);
      if (incomplete.size > MOST_INCOMPLETE)
        for (const oldest of incomplete.keys()) return dropped(incomplete, oldest, message);
      return message;
    },
    newestFirst: function* () {
      for (let age = 1; age <= ring.length; age += 1)
        yield ring[(next - age + ring.length) % ring.length] as HandsetMessage;
    },
    size: () => ring.length,
  };
}

function dropped(incomplete: Map<string, HandsetMessage>, oldest: string, message: HandsetMessage): HandsetMessage {
  incomplete.delete(oldest);
  return message;
}

/** Gives a message's text as the handset shows it; a missing part is an ellipsis. */
export function textOf({ parts }: HandsetMessage): string {
  return parts.map((part) => part ?? '…').join('');
}
