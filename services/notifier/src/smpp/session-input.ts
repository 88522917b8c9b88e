import type { Socket } from 'node:net';
import type { Logger } from '@bijli/service';
import type { LinkCounters } from './link-counters.ts';
import type { Slices } from './slices.ts';
import type { LinkTiming, SmppLinkOptions } from './smpp-link.ts';
import type { SubmitEncoder } from './submit-encoder.ts';
import type { ThrottlePause } from './throttle-pause.ts';

/** What one connection is given by its link. */
export type SessionInput = {
  readonly id: number;
  /** Connecting; the session owns it from here on. */
  readonly socket: Socket;
  readonly options: SmppLinkOptions;
  readonly timing: LinkTiming;
  readonly now: () => number;
  readonly counters: LinkCounters;
  readonly slices: Slices;
  readonly encoder: SubmitEncoder;
  readonly pause: ThrottlePause;
  readonly log: Logger;
  onBound(): void;
  /** Called once, when nothing may be written any more; the connection may still bring answers. */
  onUnbound(): void;
  /** Called once, when the connection is gone and every part in flight is in doubt. */
  onClosed(reason: string): void;
  /** Called whenever something was answered or written. */
  onProgress(): void;
};
