import type { Coding } from '@bijli/smpp';

/** A text with its addressee, ready for the link. */
export interface OutgoingMessage {
  /** The caller's own number for it; comes back with each outcome. */
  ref: number;
  /** E.164 without the plus sign. */
  destination: string;
  coding: Coding;
  /** From `segment` of @bijli/smpp; the buffers may be shared by many messages and are not changed. */
  parts: readonly Buffer[];
  /** Which parts to send, counted from 1; all when absent. They stay adjacent on one bind. */
  partsToSend?: readonly number[];
  /**
   * Reference in the header of a multi-part message, 0 to 255: a handset joins parts by it. Derived from `ref` and
   * `validUntil` when absent, so that a part which is sent again for the same run goes to the same message.
   */
  reference?: number;
  /** Registered template (DLT). */
  templateId: string;
  /** validity_period: the provider gives up then. */
  validUntil?: Date;
}

/**
 * What became of one part. `throttled`: the provider asked to slow down, no attempt. `in-doubt`: written, but no answer
 * came. `not-written`: it never left this process.
 */
export type SubmitOutcome =
  | { ref: number; partNo: number; kind: 'accepted'; providerMessageId: string }
  | { ref: number; partNo: number; kind: 'rejected'; status: number }
  | { ref: number; partNo: number; kind: 'throttled' }
  | { ref: number; partNo: number; kind: 'in-doubt' }
  | { ref: number; partNo: number; kind: 'not-written' };

/** How a slice is sent. Neither function may throw. */
export interface SliceHandling {
  /** Asked immediately before each write to the socket; after false, what is left of the slice is not written. */
  mayWrite(): boolean;
  /** Gets the outcomes that one read of the socket (or its end) brought. */
  onOutcomes(outcomes: readonly SubmitOutcome[]): void;
}
