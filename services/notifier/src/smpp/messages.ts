import type { Coding } from '@bijli/smpp';

/** A text with its addressee, ready for the link. */
export type OutgoingMessage = {
  /** The caller's own number for it; comes back with each outcome. */
  readonly ref: number;
  /** E.164 without the plus sign. */
  readonly destination: string;
  readonly coding: Coding;
  /** From `segment` of @bijli/smpp; the buffers may be shared by many messages and are not changed. */
  readonly parts: readonly Buffer[];
  /** Which parts to send, counted from 1; all when absent. They stay adjacent on one bind. */
  readonly partsToSend?: readonly number[];
  /**
   * Reference in the header of a multi-part message, 0 to 255: a handset joins parts by it. Derived from `ref` and
   * `validUntil` when absent, so that a part which is sent again for the same run goes to the same message.
   */
  readonly reference?: number;
  /** Registered template (DLT). */
  readonly templateId: string;
  /** validity_period: the provider gives up then. */
  readonly validUntil?: Date;
};

/**
 * What became of one part. `throttled`: the provider asked to slow down, no attempt. `in-doubt`: written, but no answer
 * came. `not-written`: it never left this process.
 */
export type SubmitOutcome =
  | { readonly ref: number; readonly partNo: number; readonly kind: 'accepted'; readonly providerMessageId: string }
  | { readonly ref: number; readonly partNo: number; readonly kind: 'rejected'; readonly status: number }
  | { readonly ref: number; readonly partNo: number; readonly kind: 'throttled'; readonly status: number }
  | { readonly ref: number; readonly partNo: number; readonly kind: 'in-doubt' }
  | { readonly ref: number; readonly partNo: number; readonly kind: 'not-written' };

/** How a slice is sent. Neither function may throw. */
export type SliceHandling = {
  /** Asked immediately before each write to the socket; after false, what is left of the slice is not written. */
  mayWrite(): boolean;
  /** Gets the outcomes that one read of the socket (or its end) brought. */
  onOutcomes(outcomes: readonly SubmitOutcome[]): void;
  /** Gets the answer to a part that was in doubt already: it came late, on the connection on which the part was written. */
  onLate?(outcome: SubmitOutcome, message: OutgoingMessage): void;
};
