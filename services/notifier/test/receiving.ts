import type { OutageEvent } from '@bijli/events';
import type { Database } from '@bijli/postgres';
import { openLog } from '@bijli/service';
import { until } from '@bijli/testing';
import { expect } from '@jest/globals';
import type { ReceiptMode } from '../src/domain/receipt-mode.ts';
import { type RunCounts, runCounts } from '../src/domain/run-counts.ts';
import { orphanSweeper } from '../src/receipts/orphan-sweeper.ts';
import { type ReceiptBook, receiptBook } from '../src/receipts/receipt-book.ts';
import { receiptRecorder } from '../src/receipts/receipt-recorder.ts';
import { receiptTraces } from '../src/receipts/receipt-traces.ts';
import { takeReceipts } from '../src/receipts/take-receipts.ts';
import type { DeliveryReceipt } from '../src/smpp/index.ts';
import { findRuns } from '../src/store/runs/find-runs.ts';
import { accepting, linkOf } from './link-of.ts';
import { recording } from './recording.ts';
import { startSender } from './sending.ts';
import { blindIndexKey, outage, plan } from './town-of-six.ts';

const log = openLog('test', 'silent');

/** A notifier that has sent its texts and takes receipts. */
export type Receiving = {
  /** Plans an outage and sends its texts; their message ids are m-1, m-2 … in order. @returns the handsets by id. */
  sendAll(
    change: Partial<OutageEvent>,
    accepted: number,
    answer?: Parameters<typeof linkOf>[0],
  ): Promise<Map<string, string>>;
  take(receipts: readonly DeliveryReceipt[]): Promise<void>;
  /** Forgets what the memory knew, as a restart does. */
  restart(): void;
  sweep(): Promise<void>;
  counts(): Promise<RunCounts>;
};

/** Opens one whose recorders may be given another database than what it looks into. */
export function receiving(db: Database, mode: ReceiptMode = 'all', parked: ('outcome' | 'receipt')[] = []): Receiving {
  let book: ReceiptBook = receiptBook(100);
  const counts = async (): Promise<RunCounts> => {
    const [run] = await findRuns(db, { limit: 1 });
    if (run === undefined) throw new Error('no run');
    return runCounts(run.measures, run.audienceSize, run.endedAt !== null);
  };
  return {
    counts,
    async sendAll(change, accepted, answer = accepting()) {
      const handsets = new Map<string, string>();
      await plan(db, outage(change));
      const { desk: sender } = startSender(db, linkOf(answer), {
        parked,
        onAccepted: (part) => {
          handsets.set(part.providerMessageId, part.destination);
          book.enter(part);
        },
      });
      await until(async () => (await counts()).pending === 0, { describe: 'all texts to be settled' });
      expect((await counts()).accepted).toBe(accepted);
      await sender.stop();
      return handsets;
    },
    take: (receipts) => {
      const recorder = receiptRecorder({ db, traces: receiptTraces(), mode, ...recording(parked) });
      return takeReceipts({ book, recorder, provider: 'test', mode, blindIndexKey })(receipts);
    },
    restart: () => {
      book = receiptBook(100);
    },
    async sweep() {
      const sweeper = orphanSweeper({ db, log, everyMs: 60_000, mode });
      await sweeper.start();
      await sweeper.stop();
    },
  };
}

/** A receipt from a handset, as the link hands it on. */
export function receipt(messageId: string, handset: string, change: Partial<DeliveryReceipt> = {}): DeliveryReceipt {
  return {
    messageId,
    otherMessageId: undefined,
    state: 'DELIVRD',
    errorCode: '000',
    doneDate: '2601301405',
    handset,
    otherAddress: 'UPPCLP',
    ...change,
  };
}

export const EMPTY_TABLES = `truncate run, audience, audience_version, ledger, accepted_pack, message_state, receipt_pack, chunk_end, count_change, orphan_receipt,
            outage_now, holder, account_bucket, parked_item cascade`;
