import { type BlindIndexKey, blindIndex, istDay, type MobileNumber, parseMobileNumber } from '@bijli/units';
import type { GroupCommit } from '../dispatch/group-commit.ts';
import type { DeliveryReceipt } from '../smpp/index.ts';
import { isCountable, type ReceiptMode } from '../domain/receipt-mode.ts';
import type { ReceiptBook } from './receipt-book.ts';
import type { ArrivedReceipt } from './receipt-recorder.ts';

/** What taking receipts needs. */
export type TakeReceiptsInput = {
  readonly book: ReceiptBook;
  readonly recorder: GroupCommit<ArrivedReceipt>;
  readonly provider: string;
  readonly mode: ReceiptMode;
  readonly blindIndexKey: BlindIndexKey;
};

/**
 * Makes the link's receipt handler. It resolves when the receipts are committed: only then does the link answer the
 * provider, who otherwise sends them again.
 */
export function takeReceipts({
  book,
  recorder,
  provider,
  mode,
  blindIndexKey,
}: TakeReceiptsInput): (receipts: readonly DeliveryReceipt[]) => Promise<void> {
  return (receipts) => {
    const arrivedAt = new Date();
    const arrivalDay = istDay(arrivedAt);
    return recorder.add(receipts.map((receipt) => arrive(receipt, { arrivedAt, arrivalDay })));
  };

  function arrive(
    receipt: DeliveryReceipt,
    { arrivedAt, arrivalDay }: { readonly arrivedAt: Date; readonly arrivalDay: string },
  ): ArrivedReceipt {
    const common = { arrivedAt, provider, stat: receipt.state, errorCode: storable(receipt.errorCode) || null };
    // Most providers write id and handset as they were given to us; all others are read.
    const part = book.find(receipt.messageId, receipt.handset) ?? find(receipt, handsetsOf(receipt));
    // Whose text is not settled yet is counted later, like one that matches nothing.
    if (part === null || !isCountable(mode, part.parts, part.text.isSettled))
      return { kind: 'orphan', receipt: { ...common, ...tracesOf(receipt, handsetsOf(receipt)) } };
    const { runId, runDay, chunkNo, partStride } = part.chunk;
    const { seq, partNo, parts } = part;
    const { acceptedParts } = part.text;
    return {
      kind: 'matched',
      receipt: {
        ...common,
        arrivalDay,
        runDay,
        runId,
        chunkNo,
        partStride,
        seq,
        partNo,
        parts,
        acceptedParts,
      },
      part,
    };
  }

  /** Either id may be the one of the answer, and either address the handset. */
  function find({ messageId, otherMessageId }: DeliveryReceipt, handsets: readonly (MobileNumber | null)[]) {
    for (const id of [messageId, otherMessageId]) {
      for (const handset of handsets) {
        const part = id === undefined || handset === null ? null : book.find(id, `${COUNTRY_CODE}${handset}`);
        if (part !== null) return part;
      }
    }
    return null;
  }

  function tracesOf({ messageId, otherMessageId }: DeliveryReceipt, handsets: readonly (MobileNumber | null)[]) {
    const [mobileIndex = null, otherMobileIndex = null] = handsets.map((handset) =>
      handset === null ? null : blindIndex(blindIndexKey, handset),
    );
    return {
      providerMessageId: storable(messageId),
      otherMessageId: otherMessageId === undefined ? null : storable(otherMessageId),
      mobileIndex,
      otherMobileIndex,
    };
  }
}

const COUNTRY_CODE = '91';

const handsetsOf = ({ handset, otherAddress }: DeliveryReceipt) => [handset, otherAddress].map(mobileNumberOf);

/** The handset as SMSCs write it: `91…`, `+91…`, `0…`, ten digits, or with the exit code `0091…`; null for a header. */
function mobileNumberOf(address: string): MobileNumber | null {
  const parsed = parseMobileNumber(address.replace(/^00(?=91)/, ''));
  return parsed.ok ? parsed.number : null;
}

/** PostgreSQL's text holds no NUL. */
function storable(text: string): string {
  return text.replaceAll('\0', '');
}
