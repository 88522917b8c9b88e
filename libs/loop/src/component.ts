import type { Metric } from './metric.ts';

/** What a component says of itself: fit or not, and why in a few words for an operator (never personal data). */
export type Readiness = { readonly ok: boolean; readonly detail?: string };

/**
 * One piece of a running service: a pool, a relay, the subscriptions, the HTTP server.
 *
 * `ready` answers whether it can do its work now; `alive` whether it still makes progress (one that does not
 * should be killed); `metrics` gives what it counts.
 */
export type Component = {
  readonly name: string;
  start(): Promise<void>;
  /** Finishes what is in flight, then lets go; called once, also after a start that failed half way. */
  stop(): Promise<void>;
  ready?(): Readiness | Promise<Readiness>;
  alive?(): Readiness | Promise<Readiness>;
  metrics?(): readonly Metric[] | Promise<readonly Metric[]>;
};

/** A component that answers every question, and at once. */
export type WatchedComponent = Omit<Component, 'ready' | 'alive' | 'metrics'> & {
  ready(): Readiness;
  alive(): Readiness;
  metrics(): Promise<readonly Metric[]>;
};
