import { problem, type Reply } from '@bijli/service';
import type { z } from 'zod';
import { outcomeOf } from '../domain/outcome.ts';
import type { Decided } from '../flows/received-posting.ts';
import type { batchAnswer } from './batch-schemas.ts';
import { errorOf } from './problems.ts';

type BatchAnswer = z.input<typeof batchAnswer>;
type EventAnswer = BatchAnswer['events'][number];

/** Refuses a batch by what its events break, each by its place; null where all is well. */
export function refusalOfBatch(decided: readonly Decided[]): Reply | null {
  const errors = decided.flatMap(({ decision }, index) => {
    const outcome = outcomeOf(decision);
    return outcome.is === 'refused' ? [errorOf(outcome.code, { at: `/body/events/${index}` })] : [];
  });
  return errors.length === 0 ? null : problem(422, 'events-refused', 'Nothing was entered: see errors', { errors });
}

/** Tells what became of each event of a batch in which none is refused. */
export function batchAnswerOf(decided: readonly Decided[], isDryRun: boolean): BatchAnswer {
  const events = decided.map(eventAnswer);
  const count = (outcome: EventAnswer['outcome']): number => events.filter((each) => each.outcome === outcome).length;
  return {
    isDryRun,
    isChanged: !isDryRun && count('taken') > 0,
    counts: { taken: count('taken'), repeated: count('repeated'), waiting: count('waiting') },
    events,
  };
}

function eventAnswer({ decision }: Decided): EventAnswer {
  const [event] = decision.accepted ? decision.events : [];
  if (event !== undefined)
    return { outcome: 'taken', version: event.version, outstandingPaise: event.outstandingPaise };
  const outcome = outcomeOf(decision);
  return outcome.is === 'waiting' ? { outcome: 'waiting', waitsFor: outcome.code } : { outcome: 'repeated' };
}
