import type { InFlight } from './in-flight.ts';
import type { Part } from './slices.ts';
import type { LinkTiming } from './smpp-link.ts';

/** Watches that the other end is there. */
export type KeepAlive = {
  /** Notes that octets came. */
  heard(): void;
  /** Takes an enquire_link_resp; false when it answers nothing. */
  answered(sequence: number): boolean;
  /** Looks once; it gives the reason when the connection is dead. */
  look(): string | undefined;
};

/** What the watch needs. */
export type KeepAliveInput = {
  readonly timing: LinkTiming;
  readonly now: () => number;
  readonly written: InFlight;
  /** Takes the parts whose answer did not come in time. */
  onOverdue(parts: readonly Part[]): void;
  /** Sends an enquire_link and gives its sequence number. */
  enquire(): number;
};

/** Makes the watch of one bound session. */
export function keepAlive({ timing, now, written, onOverdue, enquire }: KeepAliveInput): KeepAlive {
  let latestReadAt = now();
  let latestEnquiryAt = now();
  let enquired: { sequence: number; at: number } | undefined;

  return {
    heard: () => {
      latestReadAt = now();
    },
    answered: (sequence) => {
      const isAnswer = enquired?.sequence === sequence;
      if (isAnswer) enquired = undefined;
      return isAnswer;
    },
    look: () => {
      const at = now();
      if (enquired !== undefined && at - enquired.at > timing.responseTimeoutMs) return 'no answer to enquire_link';
      const overdue = written.overdue(at - timing.responseTimeoutMs);
      onOverdue(overdue);
      // Nothing at all came since: the other end is gone, and whatever else is written would be in doubt too.
      if (overdue.some((part) => part.writtenAt > latestReadAt)) return 'no answers';
      if (enquired === undefined && at - latestEnquiryAt >= timing.enquireLinkMs) {
        latestEnquiryAt = at;
        enquired = { sequence: enquire(), at };
      }
      return undefined;
    },
  };
}
