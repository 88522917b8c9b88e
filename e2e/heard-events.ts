import { until } from '@bijli/testing';
import { call } from './started-system.ts';

/** What the outage service answers about an event of the control room. */
export type HeardEvent = {
  readonly outcome: 'taken' | 'refused';
  readonly taken: { outageId: string; traceId: string | null } | null;
  readonly refusals: {
    deadLetterId: string;
    state: string;
    deaths: number;
    errors: { field: string; rule: string }[];
  }[];
};

/** Waits until the outage service knows what became of an event. */
export function heardAs(outage: string, eventId: string, outcome: HeardEvent['outcome']): Promise<HeardEvent> {
  return until(
    async () => {
      const heard = await call<HeardEvent>('GET', `${outage}/v1/control-room-events/${eventId}`);
      return heard.outcome === outcome ? heard : undefined;
    },
    { describe: `the event to be ${outcome}` },
  );
}
