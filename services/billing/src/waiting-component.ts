import type { Database } from '@bijli/postgres';
import type { Component } from '@bijli/loop';
import { waitingCodes } from './domain/account.ts';
import { countWaitingEvents } from './store/list-waiting-events.ts';

/** Reasons that are shown when nothing waits, too. */
const REASONS = [...waitingCodes, 'reference-reused'];

/** Makes the component that counts what waits, by the reason why, for an operator's alarm. */
export function waitingComponent(db: Database): Component {
  return {
    name: 'waiting-events',
    start: async () => {},
    stop: async () => {},
    metrics: async () => {
      const counts = await countWaitingEvents(db);
      const reasons = new Set([...REASONS, ...counts.keys()]);
      return [
        {
          name: 'bijli_waiting_events',
          help: 'Bills and payments that were heard and wait to be entered',
          samples: [...reasons].map((reason) => ({ labels: { reason }, value: counts.get(reason) ?? 0 })),
        },
      ];
    },
  };
}
