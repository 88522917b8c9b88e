import type { Database } from '@bijli/postgres';
import { withoutSpans } from '@bijli/tracing';
import { type Granted, oweParts, slowAccount, takeParts } from '../store/accounts/take-parts.ts';

/** The provider account whose contracted rate all replicas share. */
export type Account = {
  /** Takes up to so many parts that may be sent now; all that was taken before has left by then, or never will. */
  take(wanted: number): Promise<{ readonly parts: number; readonly waitMs: number }>;
  /** Notes parts that are sent beyond what was taken last. */
  owe(parts: number): Promise<void>;
  /** Notes that the provider asked to slow down; a whole window that comes back is one wish. */
  throttled(): void;
};

/** The provider is believed once in so long. */
const ONE_WISH_MS = 1_000;

/** Makes the account of a provider with a contract in message parts per second. */
export function account(
  db: Database,
  {
    provider,
    partsPerSecond,
    onError,
    now = () => performance.now(),
  }: {
    readonly provider: string;
    readonly partsPerSecond: number;
    readonly onError: (error: unknown) => void;
    readonly now?: () => number;
  },
): Account {
  let wishedAt = Number.NEGATIVE_INFINITY;
  let latest: Granted | null = null;
  return {
    // Who takes again has handed over what was granted before.
    take: async (wanted) => {
      const leftAt = latest === null ? null : latest.at;
      const granted = await withoutSpans(() => takeParts(db, { provider, partsPerSecond, wanted, leftAt }));
      latest = granted.parts > 0 ? granted : null;
      return granted;
    },
    owe: async (parts) => {
      if (latest === null) return;
      const beyond = { at: latest.at, parts };
      await withoutSpans(() => oweParts(db, { provider, partsPerSecond }, beyond));
    },
    throttled: () => {
      if (now() - wishedAt < ONE_WISH_MS) return;
      wishedAt = now();
      void withoutSpans(() => slowAccount(db, { provider, partsPerSecond })).catch(onError);
    },
  };
}
