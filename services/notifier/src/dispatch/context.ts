import { type Metric, metric } from '@bijli/loop';
import type { Database } from '@bijli/postgres';
import type { Logger } from '@bijli/service';
import type { SealKeys } from '@bijli/units';
import type { StatusTable } from '../domain/status-classes.ts';
import type { SmppLink } from '../smpp/index.ts';
import type { Catalogue } from '../templates/catalogue.ts';
import type { SharedTexts } from '../templates/shared-texts.ts';
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
  readonly sharedTexts: SharedTexts;
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

/** Shows the counters, what is in flight, and the chunks in hand. */
export function dispatchMetrics(
  counters: DispatchCounters,
  { inFlight, chunks }: { readonly inFlight: number; readonly chunks: number },
): Metric[] {
  return [
    metric('bijli_notifier_chunks_total', 'Chunks that were taken in hand', counters.chunks),
    metric('bijli_notifier_chunks_held', 'Chunks in hand', chunks),
    metric('bijli_notifier_messages_accepted_total', 'Texts that the provider accepted', counters.accepted),
    metric('bijli_notifier_messages_rejected_total', 'Texts that the provider refused', counters.rejected),
    metric('bijli_notifier_messages_ambiguous_total', 'Sends that may or may not have arrived', counters.ambiguous),
    metric('bijli_notifier_messages_returned_total', 'Sends that never left, and go again', counters.returned),
    metric('bijli_notifier_messages_deferred_total', 'Sends that the provider did not want yet', counters.deferred),
    metric('bijli_notifier_messages_blocked_total', 'Sends refused for their header or template', counters.blocked),
    metric('bijli_notifier_messages_unsent_total', 'Texts that were over before they left', counters.unsent),
    metric('bijli_notifier_messages_unrenderable_total', 'Texts that could not be made', counters.unrenderable),
    metric(
      'bijli_notifier_messages_untimed_total',
      'Texts that tell of a cut without a time, since the one that was given is past',
      counters.untimed,
    ),
    metric('bijli_notifier_messages_locked_total', 'Texts that wait for the key of their number', counters.locked),
    metric('bijli_notifier_lost_leases_total', 'Chunks that another holder took', counters.lostLeases),
    metric('bijli_notifier_dispatch_failures_total', 'Turns of the sending that failed', counters.failures),
    metric('bijli_notifier_messages_in_flight', 'Texts that are written ahead and have no outcome yet', inFlight),
  ];
}
