import { commandStatus, readMessage, type ShortMessage } from '@bijli/smpp';
import { type Fate, fateOf, type FateInput } from '../domain/fate.ts';
import { formatMessageId } from '../domain/message-id.ts';
import type { HandsetMessage } from '../handsets/message-store.ts';
import type { Account } from './account.ts';
import type { Receipt } from './receipt-queue.ts';
import type { Timetable } from './timetable.ts';

/** How a message ended on its handset. */
export type Ended = {
  readonly message: HandsetMessage;
  readonly state: HandsetMessage['state'];
  readonly error: string | null;
};

/** The answer to a submit_sm; undefined for none. */
export type SubmitAnswer = { readonly status: number; readonly messageId: string } | undefined;

/** Which receipts are wanted: registered_delivery, bits 1 and 0 (SMPP 3.4, 5.2.17). */
const wanted: readonly FateInput['receiptWanted'][] = ['never', 'always', 'on-failure', 'never'];
const RECEIPT_TEXT_CHARACTERS = 20;

/** Takes a message that may be taken, decides its fate and plans its receipts. */
export function takeSubmit(
  account: Account,
  endings: Timetable<Ended>,
  sm: ShortMessage,
  session: number,
): SubmitAnswer {
  const { behaviour, dice, store, counters } = account;
  const read = readMessage(sm);
  const fate = fateOf({
    handset: sm.destinationAddr,
    receiptWanted: wanted[sm.registeredDelivery & 3] ?? 'never',
    isLastPart: read.concatenation === null || read.concatenation.number === read.concatenation.total,
    behaviour,
    dice,
  });
  if (fate.answer === 'refused') {
    counters.refused += 1;
    return { status: commandStatus.ESME_RSUBMITFAIL, messageId: '' };
  }
  const submittedAt = new Date();
  const message = store.take(sm, read, submittedAt);
  if (fate.answer === 'none') {
    counters.unanswered += 1;
    message.state = 'unanswered';
    return undefined;
  }
  counters.accepted += 1;
  const id = account.nextMessageId();
  const messageId = formatMessageId(id, behaviour.messageIdInAnswer);
  message.messageIds.push(messageId);
  const isDelivered = fate.ending.state === 'DELIVRD';
  endings.add(fate.endsAfterMs, {
    message,
    state: isDelivered ? 'delivered' : 'failed',
    error: isDelivered ? null : fate.ending.error,
  });
  for (const receipt of receiptsOf(fate, {
    sm,
    text: read.text,
    submittedAt,
    messageId: formatMessageId(id, behaviour.messageIdInReceipt),
    session,
  })) {
    account.receipts.plan(receipt);
  }
  return { status: commandStatus.ESME_ROK, messageId };
}

type Accepted = Extract<Fate, { answer: 'accepted' }>;
type Submitted = {
  readonly sm: ShortMessage;
  readonly text: string;
  readonly submittedAt: Date;
  readonly messageId: string;
  readonly session: number;
};

function receiptsOf(
  { receipts, endsAfterMs }: Accepted,
  { sm, text, submittedAt, messageId, session }: Submitted,
): Receipt[] {
  const doneAt = new Date(submittedAt.getTime() + endsAfterMs);
  return receipts.map((planned) => ({
    ...planned,
    messageId,
    handset: sm.destinationAddr,
    header: sm.sourceAddr,
    submittedAt,
    doneAt,
    // Receipts are ASCII: SMSCs leave out, or garble, what is not.
    text: text.slice(0, RECEIPT_TEXT_CHARACTERS).replaceAll(/[^\x20-\x7e]/g, ''),
    submittedOn: session,
    attempts: 0,
  }));
}
