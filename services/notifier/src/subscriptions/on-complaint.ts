import { type ComplaintEvent, complaintEventValues } from '@bijli/events';
import type { Heard } from '@bijli/outbox';
import type { Transaction } from '@bijli/postgres';
import { complaintNews } from '../domain/complaint-news.ts';
import { type PlanPersonalInput, planPersonalNews } from '../plan/plan-personal-news.ts';
import { findOutageStandings } from '../store/outages/find-outage-standings.ts';
import { lockToAnswer } from '../store/outages/lock-outages.ts';
import { type OnUnknown, tellUnknown } from './unknown-words.ts';

const KNOWN = { type: complaintEventValues.type, status: complaintEventValues.status };

/** Makes the handler that plans the texts of complaints, many in one run. */
export function onComplaint({ onUnknown, ...input }: PlanPersonalInput & { onUnknown?: OnUnknown }) {
  return async (tx: Transaction, heard: readonly Heard<ComplaintEvent>[]): Promise<void> => {
    for (const { event } of heard) tellUnknown(event, KNOWN, (words) => onUnknown?.('complaint', words));
    const outageIds = heard.flatMap(({ event }) => event.outageId ?? []);
    await lockToAnswer(tx, outageIds);
    const standings = await findOutageStandings(tx, outageIds);
    const newsOf = (event: ComplaintEvent, now: Date) =>
      complaintNews(event, now, event.outageId === null ? undefined : standings.get(event.outageId));
    await planPersonalNews(tx, heard, newsOf, input);
  };
}
