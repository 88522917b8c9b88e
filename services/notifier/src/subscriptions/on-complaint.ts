import type { ComplaintEvent } from '@bijli/events';
import type { Heard } from '@bijli/outbox';
import type { Transaction } from '@bijli/postgres';
import { complaintNews } from '../domain/complaint-news.ts';
import { type PlanPersonalInput, planPersonalNews } from '../plan/plan-personal-news.ts';

/** This function will make the handler that plans the texts of complaints, many in one run. */
export function onComplaint(input: PlanPersonalInput) {
  return (tx: Transaction, heard: readonly Heard<ComplaintEvent>[]): Promise<void> =>
    planPersonalNews(tx, heard, complaintNews, input);
}
