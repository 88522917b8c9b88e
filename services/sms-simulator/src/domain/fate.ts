import type { Behaviour } from './behaviour.ts';
import { type Dice, happens } from './dice.ts';

/** How a message ends: a word of SMPP 3.4, appendix B, and the network's or DLT error code. */
export type Ending = {
  readonly state: 'DELIVRD' | 'UNDELIV' | 'REJECTD';
  readonly error: string;
};

/** A receipt that will be sent. `early`: before the answer to its submit_sm. */
export type PlannedReceipt = {
  readonly state: Ending['state'] | 'ENROUTE';
  readonly error: string;
  readonly afterMs: number;
  readonly early: boolean;
  readonly onOtherBind: boolean;
};

/** What becomes of one submit_sm. */
export type Fate =
  | { readonly answer: 'none' }
  | { readonly answer: 'refused' }
  | {
      readonly answer: 'accepted';
      readonly ending: Ending;
      readonly endsAfterMs: number;
      readonly receipts: readonly PlannedReceipt[];
    };

/** What the fate depends on. */
export type FateInput = {
  /** E.164 without the plus sign. */
  readonly handset: string;
  /** Which receipts the sender asked for. */
  readonly receiptWanted: 'always' | 'on-failure' | 'never';
  readonly isLastPart: boolean;
  readonly behaviour: Behaviour;
  readonly dice: Dice;
};

/** DLT scrub: template not found (docs/sms.md, Registration). */
const SCRUBBED: Ending = { state: 'REJECTD', error: '630' };
/** MAP errors: absentSubscriber 27, unknownSubscriber 1 (3GPP TS 29.002, 17.6). */
const ABSENT: Ending = { state: 'UNDELIV', error: '027' };
const UNKNOWN: Ending = { state: 'UNDELIV', error: '001' };
const DELIVERED: Ending = { state: 'DELIVRD', error: '000' };

/** Handsets whose fate is fixed (docs/sms.md, Numbers); no generated town has them. */
const magicEndings: ReadonlyMap<string, Ending | 'no-answer'> = new Map<string, Ending | 'no-answer'>([
  ['919999900001', DELIVERED],
  ['919999900002', SCRUBBED],
  ['919999900003', ABSENT],
  ['919999900004', 'no-answer'],
  ['919999900005', UNKNOWN],
]);

/** Time between a receipt and the same or a weaker one after it. */
const REPEAT_AFTER_MS = 100;

/** Decides what becomes of a submit_sm. The magic numbers decide the ending; receipts may still be late, lost or repeated. */
export function fateOf(input: FateInput): Fate {
  const { handset, behaviour, dice } = input;
  const magic = magicEndings.get(handset);
  if (magic === 'no-answer' || (magic === undefined && happens(dice, behaviour.noAnswerRate)))
    return { answer: 'none' };
  const ending = magic ?? (happens(dice, behaviour.scrubErrorRate) ? SCRUBBED : DELIVERED);
  if (ending === SCRUBBED && behaviour.scrubRefusesSubmit) return { answer: 'refused' };
  const { least, most } = behaviour.receiptDelayMs;
  const endsAfterMs = least + dice() * (most - least);
  return { answer: 'accepted', ending, endsAfterMs, receipts: receiptsOf(input, ending, endsAfterMs) };
}

function receiptsOf(
  { receiptWanted, isLastPart, behaviour, dice }: FateInput,
  ending: Ending,
  endsAfterMs: number,
): PlannedReceipt[] {
  if (receiptWanted === 'never' || (receiptWanted === 'on-failure' && ending === DELIVERED)) return [];
  if (behaviour.lastPartReceiptOnly && !isLastPart) return [];
  if (happens(dice, behaviour.missingReceiptRate)) return [];
  const early = happens(dice, behaviour.earlyReceiptRate);
  const lateByMs = happens(dice, behaviour.lateReceiptRate) ? behaviour.lateReceiptMs : 0;
  const onOtherBind = happens(dice, behaviour.otherBindReceiptRate);
  const first: PlannedReceipt = { ...ending, afterMs: early ? 0 : endsAfterMs + lateByMs, early, onOtherBind };
  const again = { ...first, afterMs: first.afterMs + REPEAT_AFTER_MS, early: false };
  return [
    first,
    ...(happens(dice, behaviour.repeatedReceiptRate) ? [again] : []),
    ...(happens(dice, behaviour.weakerReceiptRate) ? [{ ...again, state: 'ENROUTE' as const, error: '000' }] : []),
  ];
}
