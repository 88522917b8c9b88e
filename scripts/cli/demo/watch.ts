import { type Ask, waitFor } from './ask.ts';
import type { Person } from './cast.ts';
import type { Stage } from './stage.ts';

/** Counts of a run as the notifier tells them; contacts, and below `parts` message parts. */
export type Run = {
  readonly runId: string;
  readonly revision: number;
  readonly kind: string;
  readonly traceId: string | null;
  readonly endedAt: string | null;
  readonly counts: {
    audience: number;
    pending: number;
    accepted: number;
    rejected: number;
    inDoubt: number;
    superseded: number;
    stale: number;
    coalesced: number;
    skipped: Record<string, number>;
    parts: { accepted: number; delivered: number; failed: number; awaited: number };
  };
};

/** Shows how a revision of an outage is told, until every text has gone out and its receipt has come. */
export async function watchRun(ask: Ask, stage: Stage, outageId: string, revision: number): Promise<Run> {
  const run = await waitFor(`the run of revision ${revision}`, async () => {
    const { runs } = await ask<{ runs: Run[] }>('GET', 'notifier', `/v1/runs?outageId=${outageId}`);
    const found = runs.find((each) => each.revision === revision);
    if (found !== undefined) stage.count(inWords(found));
    return found !== undefined && found.endedAt !== null && found.counts.parts.awaited === 0 ? found : undefined;
  });
  stage.settle(inWords(run));
  stage.trace(run.traceId);
  return run;
}

/** Writes counts as a line; they sum to the audience. */
export function inWords({ counts }: Pick<Run, 'counts'>): string {
  const { audience, accepted, coalesced, skipped, parts } = counts;
  const skips = Object.entries(skipped).map(([reason, n]) => `${n} ${reason.replaceAll('-', ' ')}`);
  const shown = [
    `${accepted} told`,
    ...(coalesced > 0 ? [`${coalesced} on the same mobile`] : []),
    ...skips,
    ...(counts.pending > 0 ? [`${counts.pending} waiting`] : []),
    ...(counts.superseded + counts.stale > 0 ? [`${counts.superseded + counts.stale} not told any more`] : []),
    ...(counts.rejected + counts.inDoubt > 0 ? [`${counts.rejected + counts.inDoubt} refused or in doubt`] : []),
  ];
  return `${audience} contacts: ${shown.join(', ')} · ${parts.delivered} of ${parts.accepted} texts delivered`;
}

type HandsetText = { readonly text: string; readonly receivedAt: string };

/** Waits until a handset shows a text that fits, not older than `since`, and shows it. */
export async function watchHandset(
  ask: Ask,
  stage: Stage,
  person: Person,
  { since, fits }: { since: Date; fits: RegExp },
): Promise<string> {
  const query = new URLSearchParams({ to: person.mobile, since: since.toISOString() });
  const { text } = await waitFor(`the text on the handset of ${person.language}`, async () => {
    const { messages } = await ask<{ messages: HandsetText[] }>(
      'GET',
      'sms-simulator',
      `/v1/messages?${query.toString()}`,
    );
    return messages.find((message) => fits.test(message.text));
  });
  stage.handset(person, text);
  return text;
}
