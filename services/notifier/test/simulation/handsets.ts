import { dataCodings, findTextTlv, readUserData, type ShortMessage, tlvTags } from '@bijli/smpp';
import type { OutgoingMessage } from '../../src/smpp/index.ts';
import type { Delivery } from '../truth-model/provider.ts';

/** What comes to the handsets: parts are joined as a handset joins them. */
export type Handsets = {
  /** Whole texts, in the order in which they came, or were lost. */
  readonly log: Delivery[];
  /** Names a text, for all its parts alike. */
  textOf(submit: ShortMessage): string;
  isFirstPart(submit: ShortMessage): boolean;
  deliver(submit: ShortMessage, writtenAt: number): void;
  lose(submit: ShortMessage, writtenAt: number): void;
  refuse(submit: ShortMessage, writtenAt: number): void;
  /** Mobiles that wait for the rest of a text. */
  halves(): readonly string[];
};

type Joined = { readonly at: number; readonly mobile: string; readonly parts: (Buffer | undefined)[] };

export function openHandsets(): Handsets {
  const log: Delivery[] = [];
  const joining = new Map<string, Joined>();

  const place = (submit: ShortMessage) =>
    readUserData(submit.esmClass, submit.shortMessage).concatenation ?? { reference: -1, total: 1, number: 1 };
  const textOf = (submit: ShortMessage): string => {
    const { reference, total } = place(submit);
    return [submit.destinationAddr, templateOf(submit), reference, total, total === 1 ? hex(submit) : ''].join('/');
  };
  const tell = (submit: ShortMessage, parts: readonly Buffer[], at: number, became: Delivery['became']): void => {
    const coding = submit.dataCoding === dataCodings['ucs-2'] ? 'ucs-2' : 'gsm-7';
    const message: OutgoingMessage = {
      ref: log.length,
      destination: submit.destinationAddr,
      templateId: templateOf(submit),
      coding,
      parts,
    };
    log.push({ at, mobile: submit.destinationAddr.slice(2), message, became });
  };

  return {
    log,
    textOf,
    isFirstPart: (submit) => place(submit).number === 1,
    deliver: (submit, at) => {
      const { total, number } = place(submit);
      const key = textOf(submit);
      const mobile = submit.destinationAddr.slice(2);
      const joined = joining.get(key) ?? { at, mobile, parts: Array.from({ length: total }) };
      joined.parts[number - 1] = Buffer.from(submit.shortMessage);
      joining.set(key, joined);
      const parts = joined.parts.filter((part) => part !== undefined);
      if (parts.length < total) return;
      // What came of the same text before, in part, is of no use any more.
      for (const [other, half] of joining) if (half.mobile === mobile) joining.delete(other);
      // Nobody knows, on our side, how it went before the answer is there.
      tell(submit, parts, joined.at, 'unanswered');
    },
    lose: (submit, at) => {
      tell(submit, [Buffer.from(submit.shortMessage)], at, 'lost');
    },
    refuse: (submit, at) => {
      if (place(submit).number === 1) tell(submit, [Buffer.from(submit.shortMessage)], at, 'refused');
    },
    halves: () => [...joining.values()].map(({ mobile }) => mobile),
  };
}

const hex = ({ shortMessage }: ShortMessage): string => shortMessage.toString('hex');
const templateOf = ({ tlvs }: ShortMessage): string => findTextTlv(tlvs, tlvTags.dltTemplateId) ?? '';
