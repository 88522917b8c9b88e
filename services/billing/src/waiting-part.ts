import type { Database } from '@bijli/postgres';
import type { Part } from '@bijli/service';
import { waitingCodes } from './domain/account.ts';
import { countWaitingEvents } from './store/list-waiting-events.ts';

/** Reasons that are shown when nothing waits, too. */
const REASONS = [...waitingCodes, 'reference-reused'];

/** This function will make the part that counts what waits: `waiting_unknown_account` and so on, for an operator's alarm. */
export function waitingPart(db: Database): Part {
  return {
    name: 'waiting-events',
    start: async () => {},
    stop: async () => {},
    metrics: async () => {
      const counts = await countWaitingEvents(db);
      const reasons = new Set([...REASONS, ...counts.keys()]);
      return Object.fromEntries(
        [...reasons].map((reason) => [`waiting_${reason.replaceAll('-', '_')}`, counts.get(reason) ?? 0]),
      );
    },
  };
}
