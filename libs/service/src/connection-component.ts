import type { Component } from '@bijli/loop';

/** A connection that other components share. */
export type SharedConnection = {
  readonly name: string;
  /** Asks over the connection for something only a prepared server can answer; rejects where it cannot. */
  readonly check: () => Promise<unknown>;
  readonly close: () => Promise<unknown>;
};

/**
 * Makes a component of a connection that was opened before, for example a pool. It stands first, so it is closed last. The
 * service starts and stays while the server is away; readiness tells.
 */
export function connectionComponent({ name, check, close }: SharedConnection): Component {
  return {
    name,
    start: async () => {},
    stop: async () => void (await close()),
    ready: async () => {
      await check();
      return { ok: true };
    },
  };
}
