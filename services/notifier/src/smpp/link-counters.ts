import { type Metric, metric } from '@bijli/loop';
import { commandStatusName } from '@bijli/smpp';

/** What operators see of a link. Counts parts, not messages. */
export type LinkCounters = {
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
  /** Answers that came after their time, and settled their parts all the same. */
  lateResponses: number;
  /** Answers to nothing we asked. */
  strayResponses: number;
  /** PDUs that were not what they claimed to be. */
  badPdus: number;
};

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
    lateResponses: 0,
    strayResponses: 0,
    badPdus: 0,
  };
}

/** Adds up the counters of the links of one account. */
export function sumOfCounters(all: readonly LinkCounters[]): LinkCounters {
  const total = linkCounters();
  for (const { rejected, ...counts } of all) {
    for (const [status, n] of rejected) total.rejected.set(status, (total.rejected.get(status) ?? 0) + n);
    for (const [name, n] of Object.entries(counts)) total[name as keyof typeof counts] += n;
  }
  return total;
}

/** Names the counters as metrics; rejections stand under their command_status. */
export function linkMetrics(counters: LinkCounters): Metric[] {
  const statuses = [...counters.rejected].map(([status, value]) => ({ labels: { status }, value }));
  return [
    metric('bijli_smpp_submitted_total', 'Message parts that were written to the provider', counters.submitted),
    metric('bijli_smpp_accepted_total', 'Message parts that the provider accepted', counters.accepted),
    {
      name: 'bijli_smpp_rejected_total',
      help: 'Message parts that the provider refused, by status',
      samples: statuses,
    },
    metric('bijli_smpp_throttled_total', 'Message parts that the provider asked to be sent later', counters.throttled),
    metric('bijli_smpp_in_doubt_total', 'Message parts that were written and not answered', counters.inDoubt),
    metric(
      'bijli_smpp_not_written_total',
      'Message parts that were given back without being written',
      counters.notWritten,
    ),
    metric('bijli_smpp_receipts_total', 'Delivery receipts that came', counters.receipts),
    metric('bijli_smpp_receipts_put_off_total', 'Receipts that will be offered again', counters.receiptsPutOff),
    metric('bijli_smpp_inbound_total', 'SMS from handsets', counters.inbound),
    metric('bijli_smpp_reconnects_total', 'Connections after the first', counters.reconnects),
    metric('bijli_smpp_late_responses_total', 'Answers that came after their time', counters.lateResponses),
    metric('bijli_smpp_stray_responses_total', 'Answers to nothing that waits for one', counters.strayResponses),
    metric('bijli_smpp_bad_pdus_total', 'PDUs that were not what they claimed to be', counters.badPdus),
  ];
}
