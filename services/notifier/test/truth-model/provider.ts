import { type OutgoingMessage, type SubmitOutcome, linkCounters } from '../../src/smpp/index.ts';
import type { ScriptedLink } from '../link-of.ts';
import type { Mood } from './history.ts';

/** What came to a handset, or what became of it instead. */
export type Delivery = {
  readonly at: number;
  readonly mobile: string;
  readonly message: OutgoingMessage;
  readonly became: 'delivered' | 'unanswered' | 'refused' | 'lost';
};

/** The provider and the handsets behind it: all links lead here. */
export type Provider = {
  readonly log: Delivery[];
  mood: Mood;
  /** How many texts the mood lasts. */
  left: number;
  link(): ScriptedLink;
};

const LATE_MS = 15;
const THROTTLED = 0x58;
const NO_SUCH_NUMBER = 0x0b;

/** Opens a provider that is in a good mood. */
export function openProvider(): Provider {
  let latestId = 0;
  const accepted = (ref: number, partNo: number): SubmitOutcome => {
    latestId += 1;
    return { ref, partNo, kind: 'accepted', providerMessageId: `m-${latestId}` };
  };
  const provider: Provider = { log: [], mood: 'accepts', left: 0, link };
  const note = (message: OutgoingMessage, became: Delivery['became']): void => {
    provider.log.push({ at: performance.now(), mobile: message.destination.slice(2), message, became });
  };

  /** All parts of a text meet the same mood. */
  async function take(message: OutgoingMessage, partNo: number, mood: Mood): Promise<SubmitOutcome> {
    const isFirst = partNo === 1;
    const { ref } = message;
    switch (mood) {
      case 'throttles':
        return { ref, partNo, kind: 'throttled', status: THROTTLED };
      case 'refuses':
        if (isFirst) note(message, 'refused');
        return { ref, partNo, kind: 'rejected', status: NO_SUCH_NUMBER };
      case 'is-silent':
      case 'loses':
        if (isFirst) note(message, mood === 'loses' ? 'lost' : 'unanswered');
        return { ref, partNo, kind: 'in-doubt' };
      case 'answers-late':
        if (isFirst) note(message, 'delivered');
        await new Promise((resolve) => setTimeout(resolve, LATE_MS));
        return accepted(ref, partNo);
      case 'accepts':
        if (isFirst) note(message, 'delivered');
        return accepted(ref, partNo);
    }
  }

  function link(): ScriptedLink {
    let isLost = false;
    return {
      sent: [],
      hasRoom: true,
      lose: () => {
        isLost = true;
      },
      state: () => (isLost ? 'connecting' : 'bound'),
      room: () => (isLost ? 0 : 1_000),
      problem: () => undefined,
      start: () => {},
      stop: () => Promise.resolve(),
      destroy: () => {},
      counters: linkCounters,
      async submitSlice(messages, { onOutcomes, mayWrite }) {
        for (const message of messages) {
          if (isLost) return new Promise<void>(() => {}); // the process is gone, and hears no answer
          const mood = provider.left > 0 ? provider.mood : 'accepts';
          provider.left -= 1;
          for (const partNo of message.partsToSend ?? message.parts.map((_, n) => n + 1)) {
            if (!mayWrite()) onOutcomes([{ ref: message.ref, partNo, kind: 'not-written' }]);
            else {
              const outcome = await take(message, partNo, mood);
              if (isLost) return new Promise<void>(() => {});
              onOutcomes([outcome]);
            }
          }
        }
      },
    };
  }
  return provider;
}
