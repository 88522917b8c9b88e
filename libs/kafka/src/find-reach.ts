import { claimedLastOffset } from './record-set/record-batch.ts';
import { sureLastOffset } from './record-set/sure-last-offset.ts';
import type { FoundUnreadable, UnreadableBatch } from './record-set/unreadable-batch.ts';

/** Gives the record set at an offset of one partition, which begins with the batch that holds it; null where there is none. */
export type SetAt = (offset: bigint) => Promise<Buffer | null>;

/** Offset, length, leader epoch, magic and checksum of a batch: no two have all of them. */
const HEAD_OCTETS = 21;

/**
 * Finds how far a batch reaches that cannot be read and whose own word cannot be taken: the broker gives it for each of its offsets, and
 * another for those behind it. It is asked at most twice as often as the reach has binary digits, and three times. Null when the topic
 * does not have the batch any more; rejects as `setAt` does.
 */
export async function findReach(found: FoundUnreadable, setAt: SetAt): Promise<UnreadableBatch | null> {
  const { last, end, ...batch } = found;
  if (last !== null) return { ...batch, last };
  const set = await setAt(batch.first);
  if (set === null) return null;
  const seen = sureLastOffset(set, 0, { first: batch.first, end });
  return { ...batch, last: seen ?? (await askForLast(set, { first: batch.first, end }, setAt)) };
}

/** Looks where the batch says that it ends, then ever further, then between the last offset that is its own and the first that is not. */
async function askForLast(
  set: Buffer,
  { first, end }: Pick<FoundUnreadable, 'first' | 'end'>,
  setAt: SetAt,
): Promise<bigint> {
  const head = set.subarray(0, HEAD_OCTETS);
  let inside = first;
  let behind = end;
  const ask = async (offset: bigint): Promise<void> => {
    if (offset <= inside || offset >= behind) return;
    const other = await setAt(offset);
    if (other?.subarray(0, HEAD_OCTETS).equals(head)) inside = offset;
    else behind = offset;
  };
  const claimed = claimedLastOffset(set, 0);
  await ask(claimed + 1n);
  await ask(claimed);
  for (let step = 1n; behind - inside > 1n; step *= 2n) {
    const half = (behind - inside) / 2n;
    await ask(inside + (step < half ? step : half));
  }
  return inside;
}
