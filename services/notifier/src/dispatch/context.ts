import type { Database } from '@bijli/postgres';
import type { Logger } from '@bijli/service';
import type { SealKeys } from '@bijli/units';
import type { StatusTable } from '../domain/status-classes.ts';
import type { SmppLink } from '../smpp/index.ts';
import type { Catalogue } from '../templates/catalogue.ts';
import type { Account } from './account.ts';
import type { Breakers } from './breakers.ts';
import type { HolderLease } from './holder-lease.ts';
import type { AcceptedPart } from './held-chunk.ts';
import type { OutcomeRecorder } from './outcome-recorder.ts';
import type { TruthWatch } from './truth-watch.ts';

/** Everything the sending needs. */
export type DispatchContext = {
  readonly db: Database;
  readonly link: SmppLink;
  /** Name of the provider account, as it stands in states and receipts. */
  readonly provider: string;
  readonly catalogue: Catalogue;
  readonly sealKeys: SealKeys;
  readonly statuses: StatusTable;
  readonly lease: HolderLease;
  readonly truth: TruthWatch;
  readonly account: Account;
  readonly breakers: Breakers;
  readonly outcomes: OutcomeRecorder;
  /** Nobody is told a new time sooner than this after what was told before, unless that time is past. */
  readonly newTimePauseSeconds: number;
  /** Called with each accepted part before its outcome is committed: its receipt may already be on the way. */
  readonly onAccepted: (part: AcceptedPart) => void;
  /** Whether there is time left to send what is in flight; a process that stops shall not wait for a slow provider. */
  readonly hasTime: () => boolean;
  /** Ends the pause of the desk: there is something to do. */
  readonly wake: () => void;
  readonly counters: DispatchCounters;
  readonly log: Logger;
};

/** What operators see of the sending. */
export type DispatchCounters = {
  chunks: number;
  accepted: number;
  rejected: number;
  ambiguous: number;
  returned: number;
  deferred: number;
  blocked: number;
  unsent: number;
  unrenderable: number;
  untimed: number;
  locked: number;
  lostLeases: number;
  failures: number;
};

/** Opens the counters at nought. */
export function dispatchCounters(): DispatchCounters {
  return {
    chunks: 0,
    accepted: 0,
    rejected: 0,
    ambiguous: 0,
    returned: 0,
    deferred: 0,
    blocked: 0,
    unsent: 0,
    unrenderable: 0,
    untimed: 0,
    locked: 0,
    lostLeases: 0,
    failures: 0,
  };
}
