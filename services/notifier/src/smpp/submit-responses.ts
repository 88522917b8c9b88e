import { commandStatus, decodeSubmitSmResp, isFault, readSequenceNumber } from '@bijli/smpp';
import type { InFlight } from './in-flight.ts';
import { countRejection } from './link-counters.ts';
import { AS_IS } from './message-ids.ts';
import type { SubmitOutcome } from './messages.ts';
import type { SessionInput } from './session-input.ts';
import type { Part } from './slices.ts';

type ResponsesInput = Pick<SessionInput, 'options' | 'slices' | 'pause' | 'counters' | 'log' | 'id'> & {
  readonly written: InFlight;
  /** The provider says that this bind is not one to submit by. */
  readonly onBindRefused: () => void;
};

/** Turns answers, or their absence, into outcomes. */
export type SubmitResponses = {
  submitResp(octets: Buffer, start: number, end: number): void;
  nack(status: number, sequence: number): void;
  inDoubt(parts: readonly Part[]): void;
  allInDoubt(): void;
  /** Counts an answer to nothing we wait for. */
  stray(): void;
};

/** The provider is full or asks for less: not an attempt (SMPP 3.4, 5.1.3). */
const SLOW_DOWN: ReadonlySet<number> = new Set([commandStatus.ESME_RTHROTTLED, commandStatus.ESME_RMSGQFUL]);

/** Makes the reader of answers to submit_sm for one session. */
export function submitResponses({
  options,
  slices,
  pause,
  counters,
  log,
  id,
  written,
  onBindRefused,
}: ResponsesInput): SubmitResponses {
  const { messageIds: ids = AS_IS, isLater = (status) => SLOW_DOWN.has(status) } = options;
  const answered = (part: Part, status: number, providerMessageId: string): SubmitOutcome => {
    const { message, partNo } = part;
    const { ref } = message;
    if (status === commandStatus.ESME_ROK) {
      counters.accepted += 1;
      pause.accepted();
      return { ref, partNo, kind: 'accepted', providerMessageId: ids.ofAnswer(providerMessageId) };
    }
    if (isLater(status)) {
      counters.throttled += 1;
      if (status === commandStatus.ESME_RINVBNDSTS) onBindRefused();
      else pause.throttled();
      return { ref, partNo, kind: 'throttled', status };
    }
    return rejected(part, status);
  };
  const rejected = ({ message, partNo }: Part, status: number): SubmitOutcome => {
    countRejection(counters, status);
    return { ref: message.ref, partNo, kind: 'rejected', status };
  };
  /** A PDU that was not taken was not accepted, though its refusal says "no error". */
  const refused = (part: Part, status: number): SubmitOutcome =>
    status === commandStatus.ESME_ROK ? rejected(part, status) : answered(part, status, '');
  const stray = (): void => {
    counters.strayResponses += 1;
    if (counters.strayResponses === 1) log.warn({ session: id }, 'SMPP answer to nothing that waits for one');
  };
  const inDoubt = (parts: readonly Part[]): void => {
    counters.inDoubt += parts.length;
    for (const part of parts) slices.settle(part, { ref: part.message.ref, partNo: part.partNo, kind: 'in-doubt' });
  };
  const settle = (sequence: number, outcomeOf: (part: Part) => SubmitOutcome): void => {
    const part = written.answered(sequence);
    if (part !== undefined) return slices.settle(part, outcomeOf(part));
    const late = written.answeredLate(sequence);
    if (late === undefined) stray();
    else {
      counters.lateResponses += 1;
      late.slice.handling.onLate?.(outcomeOf(late), late.message);
    }
  };

  return {
    submitResp: (octets, start, end) => {
      const response = decodeSubmitSmResp(octets, start, end);
      if (!isFault(response)) {
        const { sequenceNumber, status, messageId } = response;
        return settle(sequenceNumber, (part) => answered(part, status, messageId));
      }
      // Answered, but how cannot be read: the provider may have it.
      counters.badPdus += 1;
      const part = written.answered(readSequenceNumber(octets, start));
      if (part !== undefined) inDoubt([part]);
    },
    nack: (status, sequence) => settle(sequence, (part) => refused(part, status)),
    inDoubt,
    allInDoubt: () => inDoubt(written.overdue(Number.POSITIVE_INFINITY)),
    stray,
  };
}
