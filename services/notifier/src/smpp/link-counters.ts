import { commandStatusName } from '@bijli/smpp';

/** What operators see of a link. Counts parts, not messages. */
export interface LinkCounters {
  submitted: number;
  accepted: number;
  /** By command_status. */
  rejected: Map<number, number>;
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

/** This function will open counters at nought. */
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

/** This function will name the counters as metrics; a rejection counts in the sum and under its status. */
export function linkMetrics(counters: LinkCounters): Record<string, number> {
  const rejected = [...counters.rejected].map(
    ([status, n]) => [`smpp_rejected_${commandStatusName(status)}_total`, n] as const,
  );
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
