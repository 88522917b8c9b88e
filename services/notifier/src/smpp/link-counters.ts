import { commandStatusName } from '@bijli/smpp';

/** What operators see of a link. Counts parts, not messages. */
export interface LinkCounters {
  submitted: number;
  accepted: number;
  /** By the name of the command_status. */
  rejected: Map<string, number>;
  throttled: number;
  inDoubt: number;
  notWritten: number;
  receipts: number;
  /** Receipts that could not be committed, and will be offered again. */
  receiptsPutOff: number;
  inbound: number;
  /** Connections after the first. */
  reconnects: number;
  /** Answers to nothing we asked, among them those that came too late. */
  strayResponses: number;
  /** PDUs that were not what they claimed to be. */
  badPdus: number;
}

/** Statuses are 4 octets, and each becomes a metric: a provider that makes them up shall not make up metrics for ever. */
const MOST_STATUSES = 100;
const OTHER_STATUSES = 'other';

/** Counts a rejection under its status; statuses beyond the first hundred under one name. */
export function countRejection({ rejected }: LinkCounters, status: number): void {
  const named = commandStatusName(status);
  const name = rejected.has(named) || rejected.size < MOST_STATUSES ? named : OTHER_STATUSES;
  rejected.set(name, (rejected.get(name) ?? 0) + 1);
}

/** Opens counters at nought. */
export function linkCounters(): LinkCounters {
  return {
    submitted: 0,
    accepted: 0,
    rejected: new Map(),
    throttled: 0,
    inDoubt: 0,
    notWritten: 0,
    receipts: 0,
    receiptsPutOff: 0,
    inbound: 0,
    reconnects: 0,
    strayResponses: 0,
    badPdus: 0,
  };
}

/** Names the counters as metrics; a rejection counts in the sum and under its status. */
export function linkMetrics(counters: LinkCounters): Record<string, number> {
  const rejected = [...counters.rejected].map(([name, n]) => [`smpp_rejected_${name}_total`, n] as const);
  return {
    smpp_submitted_total: counters.submitted,
    smpp_accepted_total: counters.accepted,
    smpp_rejected_total: rejected.reduce((sum, [, n]) => sum + n, 0),
    ...Object.fromEntries(rejected),
    smpp_throttled_total: counters.throttled,
    smpp_in_doubt_total: counters.inDoubt,
    smpp_not_written_total: counters.notWritten,
    smpp_receipts_total: counters.receipts,
    smpp_receipts_put_off_total: counters.receiptsPutOff,
    smpp_inbound_total: counters.inbound,
    smpp_reconnects_total: counters.reconnects,
    smpp_stray_responses_total: counters.strayResponses,
    smpp_bad_pdus_total: counters.badPdus,
  };
}
