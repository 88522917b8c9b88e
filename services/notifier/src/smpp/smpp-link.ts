import type { ConnectionOptions } from 'node:tls';
import type { Logger } from '@bijli/service';
import type { ReadMessage, Receipt } from '@bijli/smpp';
import type { LinkCounters } from './link-counters.ts';
import type { MessageIds } from './message-ids.ts';
import type { OutgoingMessage, SliceHandling } from './messages.ts';
import type { TokenBucket } from './token-bucket.ts';

/** A delivery receipt as the provider sent it; one of its two addresses is a mobile number, for matching only. */
export type DeliveryReceipt = Receipt;

/** An SMS from a handset; `from` is a mobile number. Parts of a long one come one by one. */
export interface InboundMessage extends ReadMessage {
  from: string;
  to: string;
}

/** Tags of the DLT parameters; undefined leaves one out. */
export interface DltTags {
  entityId: number | undefined;
  templateId: number | undefined;
  telemarketerChain: number | undefined;
}

/** Type of number and numbering plan (SMPP 3.4, 5.2.5, 5.2.6). */
export interface AddressType {
  ton: number;
  npi: number;
}

/** What a bind is for: sending, hearing (receipts and SMS from handsets), both. */
export type BindKind = 'transmitter' | 'receiver' | 'transceiver';

/**
 * How a handset learns which parts belong together: by a header in the text's octets (3GPP TS 23.040, 9.2.3.24.1), or by
 * sar_ parameters of which the provider makes that header (SMPP 3.4, 5.3.2.22).
 */
export const multiPartModes = ['udh', 'sar'] as const;
export type MultiPartMode = (typeof multiPartModes)[number];

/** Limits in milliseconds. */
export interface LinkTiming {
  /** From the first packet to the answer to our bind. */
  bindTimeoutMs: number;
  /** How often the provider is asked whether it is there. */
  enquireLinkMs: number;
  /** Longest wait for an answer. */
  responseTimeoutMs: number;
  /** First and longest wait before the next connection; doubled in between, with jitter. */
  reconnectFirstMs: number;
  reconnectMostMs: number;
  /** First and longest pause after the provider throttled. */
  throttleFirstMs: number;
  throttleMostMs: number;
  /** Longest wait for what is in flight when the link stops, and then for the answer to our unbind. */
  drainMs: number;
  unbindMs: number;
}

/** What a link to one provider account needs. */
export interface SmppLinkOptions {
  host: string;
  port: number;
  /** Options for TLS; plain TCP when absent. */
  tls?: ConnectionOptions;
  /** At most 64 characters, like the next two; SMPP 3.4 has room for 15, 8 and 12 (4.1.1). */
  systemId: string;
  password: string;
  systemType?: string;
  /** A transceiver unless told otherwise. */
  bindAs?: BindKind;
  /** Unanswered submit_sm at most. */
  window: number;
  /** What all binds of the account may send together; no limit when absent. */
  bucket?: TokenBucket;
  /** Registered header, the sender of every text. */
  header: string;
  /** Registered principal entity (DLT). */
  entityId: string;
  /** Registered chain of telemarketers (DLT), where the provider asks for it. */
  telemarketerChain?: string;
  tlvTags?: DltTags;
  /** An alphanumeric sender (5, 0) and international numbers (1, 1) unless told otherwise. */
  sourceType?: AddressType;
  destinationType?: AddressType;
  multiPart?: MultiPartMode;
  /** Whether each submit says until when its text is worth delivering; it does unless told otherwise. */
  validityPeriod?: 'absolute' | 'none';
  /** Whether receipts are asked for; they are unless told otherwise. */
  wantsReceipts?: boolean;
  /** How ids of answers and of receipts are made equal; as they come when absent. */
  messageIds?: MessageIds;
  log: Logger;
  /**
   * Commits receipts. They are answered only when it resolves, and offered again by the provider when it rejects: it does
   * so only while nothing can be committed at all. One call at a time: what arrives meanwhile is the next batch.
   */
  onReceipts(receipts: readonly DeliveryReceipt[]): Promise<void>;
  /** Likewise for SMS from handsets; without it they are refused. */
  onInbound?(messages: readonly InboundMessage[]): Promise<void>;
  onStateChange?(state: LinkState): void;
  timing?: Partial<LinkTiming>;
  /** Where a session ends because its sequence numbers are spent; the spec's 0x7FFFFFFF unless told otherwise. */
  highestSequence?: number;
  /** Monotonic milliseconds. */
  now?(): number;
}

/** `connecting` until bound and again after each loss; `closed` before the start and after the stop. */
export type LinkState = 'connecting' | 'bound' | 'closed';

/** One provider account's connection, which heals itself. */
export interface SmppLink {
  start(): void;
  /**
   * Sends a slice and resolves when each part has an outcome. While the link is not bound every part
   * is `not-written` at once.
   */
  submitSlice(messages: readonly OutgoingMessage[], handling: SliceHandling): Promise<void>;
  state(): LinkState;
  /** Tells why the link is not bound, when something went wrong. */
  problem(): string | undefined;
  /** Cuts the connection at once, for a caller whose right to write has run out; it reconnects. */
  destroy(reason: string): void;
  /** Takes no more slices, finishes those it has, unbinds and closes. */
  stop(): Promise<void>;
  /** Counts since the start. */
  counters(): LinkCounters;
}
