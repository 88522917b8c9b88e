import type { Socket } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import type { Logger } from '@bijli/service';
import type { ReadMessage, Receipt } from '@bijli/smpp';
import type { LinkCounters } from './link-counters.ts';
import type { MessageIds } from './message-ids.ts';
import type { OutgoingMessage, SliceHandling } from './messages.ts';

/** A delivery receipt as the provider sent it; one of its two addresses is a mobile number, for matching only. */
export type DeliveryReceipt = Receipt;

/** An SMS from a handset; `from` is a mobile number. Parts of a long one come one by one. */
export type InboundMessage = ReadMessage & {
  readonly from: string;
  readonly to: string;
};

/** Tags of the DLT parameters; undefined leaves one out. */
export type DltTags = {
  readonly entityId: number | undefined;
  readonly templateId: number | undefined;
  readonly telemarketerChain: number | undefined;
};

/** Type of number and numbering plan (SMPP 3.4, 5.2.5, 5.2.6). */
export type AddressType = {
  readonly ton: number;
  readonly npi: number;
};

/** What a bind is for: sending, hearing (receipts and SMS from handsets), both. */
export type BindKind = 'transmitter' | 'receiver' | 'transceiver';

/**
 * How a handset learns which parts belong together: by a header in the text's octets (3GPP TS 23.040, 9.2.3.24.1), or by
 * sar_ parameters of which the provider makes that header (SMPP 3.4, 5.3.2.22).
 */
export const multiPartModes = ['udh', 'sar'] as const;
export type MultiPartMode = (typeof multiPartModes)[number];

/** Limits in milliseconds. */
export type LinkTiming = {
  /** From the first packet to the answer to our bind. */
  readonly bindTimeoutMs: number;
  /** How often the provider is asked whether it is there. */
  readonly enquireLinkMs: number;
  /** Longest wait for an answer. */
  readonly responseTimeoutMs: number;
  /** First and longest wait before the next connection; doubled in between, with jitter. */
  readonly reconnectFirstMs: number;
  readonly reconnectMostMs: number;
  /** First and longest pause after the provider throttled. */
  readonly throttleFirstMs: number;
  readonly throttleMostMs: number;
  /** Longest wait for what is in flight when the link stops, and then for the answer to our unbind. */
  readonly drainMs: number;
  readonly unbindMs: number;
};

/** What a link to one provider account needs. */
export type SmppLinkOptions = {
  readonly host: string;
  readonly port: number;
  /** Options for TLS; plain TCP when absent. */
  readonly tls?: ConnectionOptions;
  /** At most 64 characters, like the next two; SMPP 3.4 has room for 15, 8 and 12 (4.1.1). */
  readonly systemId: string;
  readonly password: string;
  readonly systemType?: string;
  /** A transceiver unless told otherwise. */
  readonly bindAs?: BindKind;
  /** Unanswered submit_sm at most. */
  readonly window: number;
  /** Registered header, the sender of every text. */
  readonly header: string;
  /** Registered principal entity (DLT). */
  readonly entityId: string;
  /** Registered chain of telemarketers (DLT), where the provider asks for it. */
  readonly telemarketerChain?: string;
  readonly tlvTags?: DltTags;
  /** An alphanumeric sender (5, 0) and international numbers (1, 1) unless told otherwise. */
  readonly sourceType?: AddressType;
  readonly destinationType?: AddressType;
  readonly multiPart?: MultiPartMode;
  /** Whether each submit says until when its text is worth delivering; it does unless told otherwise. */
  readonly validityPeriod?: 'absolute' | 'none';
  /** Whether receipts are asked for; they are unless told otherwise. */
  readonly wantsReceipts?: boolean;
  /** How ids of answers and of receipts are made equal; as they come when absent. */
  readonly messageIds?: MessageIds;
  readonly log: Logger;
  /**
   * Commits receipts. They are answered only when it resolves, and offered again by the provider when it rejects: it does
   * so only while nothing can be committed at all. One call at a time: what arrives meanwhile is the next batch.
   */
  onReceipts(receipts: readonly DeliveryReceipt[]): Promise<void>;
  /** Likewise for SMS from handsets; without it they are refused. */
  onInbound?(messages: readonly InboundMessage[]): Promise<void>;
  onStateChange?(state: LinkState): void;
  /** Called when something was answered or written: there may be room again. */
  onRoom?(): void;
  /** Whether a status asks to slow down: then it was no attempt. ESME_RTHROTTLED and ESME_RMSGQFUL unless told otherwise. */
  isLater?(status: number): boolean;
  readonly timing?: Partial<LinkTiming>;
  /** Where a session ends because its sequence numbers are spent; the spec's 0x7FFFFFFF unless told otherwise. */
  readonly highestSequence?: number;
  /** Monotonic milliseconds. */
  now?(): number;
  /** Begins to connect to the provider; TCP or TLS as told above unless given. */
  connect?(): Socket;
};

/** `connecting` until bound and again after each loss; `closed` before the start and after the stop. */
export type LinkState = 'connecting' | 'bound' | 'closed';

/** One provider account's connection, which heals itself. */
export type SmppLink = {
  start(): void;
  /**
   * Sends a slice and resolves when each part has an outcome. While the link is not bound every part
   * is `not-written` at once.
   */
  submitSlice(messages: readonly OutgoingMessage[], handling: SliceHandling): Promise<void>;
  state(): LinkState;
  /** Parts that could be written now. */
  room(): number;
  /** Tells why the link is not bound, when something went wrong. */
  problem(): string | undefined;
  /** Cuts the connection at once, for a caller whose right to write has run out; it reconnects. */
  destroy(reason: string): void;
  /** Takes no more slices, finishes those it has, unbinds and closes. */
  stop(): Promise<void>;
  /** Counts since the start. */
  counters(): LinkCounters;
};
