import { type OutageEvent, outageEventValues } from '@bijli/events';
import type { Heard } from '@bijli/outbox';
import { afterCommit, type Transaction } from '@bijli/postgres';
import type { Logger } from '@bijli/service';
import { withSpan } from '@bijli/tracing';
import { newId } from '@bijli/units';
import { outageState } from '../domain/outage-state.ts';
import { planRun } from '../domain/plan-run.ts';
import { activeTraceparent } from '@bijli/tracing';
import { type StoredRun, storeRun } from '../plan/store-run.ts';
import { lockAgainstAnswers } from '../store/outages/lock-outages.ts';
import { withdrawAnswers } from '../store/personal/withdraw-messages.ts';
import { type OnUnknown, tellUnknown } from './unknown-words.ts';

/** What planning needs. */
export type OnOutageInput = {
  readonly largestAudience: number;
  readonly confirmAbove: number;
  readonly log: Logger;
  readonly onUnknown?: OnUnknown;
  readonly now?: () => Date;
};

const KNOWN = { type: outageEventValues.type, status: outageEventValues.status };

/** Makes the handler that plans a run for each outage event, in order, in the inbox's transaction. */
export function onOutage({ largestAudience, confirmAbove, log, onUnknown, now = () => new Date() }: OnOutageInput) {
  return async (tx: Transaction, heard: readonly Heard<OutageEvent>[]): Promise<void> => {
    await lockAgainstAnswers(
      tx,
      heard.map(({ event }) => event.aggregateId),
    );
    for (const { event, context: parent } of heard) {
      await withSpan(
        'plan run',
        { parent, attributes: { 'bijli.outage': event.aggregateId, 'bijli.revision': event.version } },
        async (span) => {
          const at = now();
          const plan = planRun(event, at);
          tellUnknown(event, KNOWN, (words) => onUnknown?.('outage', words));
          // Those who complained are told cause and ETR as they are now, or not at all.
          if (event.version > 1) await withdrawAnswers(tx, [event.aggregateId]);
          const input = {
            runId: newId(),
            outage: outageState(event),
            traceparent: activeTraceparent(),
            now: at,
            largestAudience,
            confirmAbove,
          };
          const stored = await storeRun(tx, plan, input);
          if (stored.outcome !== 'known')
            span.setAttributes({ 'bijli.run': stored.runId, 'bijli.audience': stored.audienceSize });
          afterCommit(tx, () => tell(log, event, { stored, isHeld: plan.isHeld, largestAudience, confirmAbove }));
        },
      );
    }
  };
}

type Planned = Pick<OnOutageInput, 'largestAudience' | 'confirmAbove'> & {
  readonly stored: StoredRun;
  readonly isHeld: boolean;
};

function tell(
  log: Logger,
  { aggregateId: outageId, version: revision }: OutageEvent,
  { stored, isHeld, largestAudience, confirmAbove }: Planned,
): void {
  if (stored.outcome === 'refused') {
    const { runId, audienceSize } = stored;
    log.error({ runId, outageId, audienceSize, largestAudience }, 'run refused: audience too large');
  } else if (stored.outcome === 'planned' && stored.isMass) {
    const { runId, audienceSize } = stored;
    log.error(
      { runId, outageId, audienceSize, confirmAbove },
      'run held: so many are told only when two people let it go',
    );
  } else if (isHeld) log.error({ outageId, revision }, 'run held: heard too late, an operator must release it');
  else log.info({ outageId, ...stored }, 'run planned');
}
