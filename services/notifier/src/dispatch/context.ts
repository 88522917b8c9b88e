import type { Database } from '@bijli/postgres';
import type { Logger } from '@bijli/service';
import type { SealKeys } from '@bijli/units';
import type { SmppLink } from '../smpp/index.ts';
import type { Catalogue } from '../templates/catalogue.ts';
import type { AcceptedPart } from './chunk-progress.ts';
import type { Attempt } from '../store/record-attempts.ts';
import type { GroupCommit } from './group-commit.ts';
import type { SendWindow } from './send-window.ts';

/** Everything the sending of a chunk needs. */
export type DispatchContext = {
  readonly db: Database;
  readonly link: SmppLink;
  /** Name of the provider account, as it stands in attempts and receipts. */
  readonly provider: string;
  readonly catalogue: Catalogue;
  readonly sealKeys: SealKeys;
  readonly outcomes: GroupCommit<Attempt>;
  readonly window: SendWindow;
  /** Messages per slice. */
  readonly sliceSize: number;
  /** Called with each accepted part before its outcome is committed: its receipt may already be on the way. */
  readonly onAccepted: (part: AcceptedPart) => void;
  /** Whether the process is asked to stop: what is in flight is finished, nothing new begun. */
  readonly isStopping: () => boolean;
  /** Whether there is time left to send what is in flight; a process that stops shall not wait for a slow provider. */
  readonly hasTime: () => boolean;
  /** Waits a moment, less when something changed. */
  readonly pause: () => Promise<void>;
  readonly counters: DispatchCounters;
  readonly log: Logger;
};

/** What operators see of the sending. */
export type DispatchCounters = {
  chunks: number;
  accepted: number;
  rejected: number;
  inDoubt: number;
  unsent: number;
  lostLeases: number;
  failures: number;
};
