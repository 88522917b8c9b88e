import { linkCounters, type OutgoingMessage, type SmppLink, type SubmitOutcome } from '../src/smpp/index.ts';

/** A link that is a function: it notes what it was given and answers as told. */
export type ScriptedLink = SmppLink & {
  readonly sent: OutgoingMessage[];
  /** Nothing new is claimed over a link that is lost. */
  lose(): void;
  /** Of a full window nothing is lost: it takes no more until there is room. */
  hasRoom: boolean;
};

/** The usual answer: every part accepted, ids in order. */
export function accepting(): (message: OutgoingMessage, partNo: number) => SubmitOutcome {
  let latest = 0;
  return (message, partNo) => {
    latest += 1;
    return { ref: message.ref, partNo, kind: 'accepted', providerMessageId: `m-${latest}` };
  };
}

/** A link for tests of the dispatcher, which need to say what the provider answers to whom. */
export function linkOf(
  answer: (message: OutgoingMessage, partNo: number) => SubmitOutcome | Promise<SubmitOutcome>,
): ScriptedLink {
  const sent: OutgoingMessage[] = [];
  let isLost = false;
  const link: ScriptedLink = {
    sent,
    hasRoom: true,
    lose: () => {
      isLost = true;
    },
    state: () => (isLost ? 'connecting' : 'bound'),
    room: () => (isLost || !link.hasRoom ? 0 : 1_000),
    problem: () => undefined,
    start: () => {},
    stop: () => Promise.resolve(),
    destroy: () => {},
    counters: linkCounters,
    async submitSlice(messages, { onOutcomes, mayWrite }) {
      for (const message of messages) {
        for (const partNo of message.partsToSend ?? message.parts.map((_, n) => n + 1)) {
          if (!mayWrite()) onOutcomes([{ ref: message.ref, partNo, kind: 'not-written' }]);
          else {
            sent.push(message);
            onOutcomes([await answer(message, partNo)]);
          }
        }
      }
    },
  };
  return link;
}
