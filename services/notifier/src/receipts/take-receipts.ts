import { type BlindIndexKey, blindIndex, istDay, parseMobileNumber } from '@bijli/units';
import type { GroupCommit } from '../dispatch/group-commit.ts';
import type { DeliveryReceipt } from '../smpp/index.ts';
import type { ReceiptBook } from './receipt-book.ts';
import type { ArrivedReceipt } from './receipt-recorder.ts';

/** What taking receipts needs. */
export interface TakeReceiptsInput {
  book: ReceiptBook;
  recorder: GroupCommit<ArrivedReceipt>;
  provider: string;
  blindIndexKey: BlindIndexKey;
}

/**
 * This function will make the link's receipt handler. It resolves when the receipts are committed: only then does the
 * link answer the provider, who otherwise sends them again (notifier.md, 9).
 */
export function takeReceipts({
  book,
  recorder,
  provider,
  blindIndexKey,
}: TakeReceiptsInput): (receipts: readonly DeliveryReceipt[]) => Promise<void> {
  return (receipts) => {
    const arrivedAt = new Date();
    return recorder.add(receipts.map((receipt) => arrive(receipt, arrivedAt)));
  };

  function arrive(receipt: DeliveryReceipt, arrivedAt: Date): ArrivedReceipt {
    const common = {
      arrivedAt,
      provider,
      providerMessageId: storable(receipt.messageId),
      stat: receipt.state,
      errorCode: storable(receipt.errorCode) || null,
    };
    const handset = receipt.handset.replace(/^\+/, '');
    const part =
      book.find(receipt.messageId, handset) ??
      (receipt.otherMessageId === undefined ? null : book.find(receipt.otherMessageId, handset));
    if (part === null) return { kind: 'orphan', receipt: { ...common, mobileIndex: indexOf(handset) } };
    const { runId, runDay, chunkNo } = part.chunk;
    return {
      kind: 'matched',
      receipt: { ...common, arrivalDay: istDay(arrivedAt), runDay, runId, chunkNo, seq: part.seq, partNo: part.partNo },
      part,
    };
  }

  function indexOf(handset: string): bigint | null {
    const parsed = parseMobileNumber(handset);
    return parsed.ok ? blindIndex(blindIndexKey, parsed.number) : null;
  }
}

/** PostgreSQL's text holds no NUL: a provider that sends one shall not keep everybody else's receipts from being committed. */
function storable(text: string): string {
  return text.replaceAll('\0', '');
}
