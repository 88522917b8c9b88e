import type { Database } from '@bijli/postgres';
import { withoutSpans } from '@bijli/tracing';
import { oweParts, slowAccount, takeParts } from '../store/accounts/take-parts.ts';

/** The provider account whose contracted rate all replicas share. */
export type Account = {
  /** Takes up to so many parts that may be sent now. */
  take(wanted: number): Promise<{ readonly parts: number; readonly waitMs: number }>;
  /** Notes parts that are sent beyond what was granted. */
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
  return {
    take: (wanted) => withoutSpans(() => takeParts(db, { provider, partsPerSecond, wanted })),
    owe: (parts) => withoutSpans(() => oweParts(db, { provider, partsPerSecond }, parts)),
    throttled: () => {
      if (now() - wishedAt < ONE_WISH_MS) return;
      wishedAt = now();
      void withoutSpans(() => slowAccount(db, { provider, partsPerSecond })).catch(onError);
    },
  };
}
