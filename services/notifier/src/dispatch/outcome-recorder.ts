import { type Database, isDataError, withTransaction } from '@bijli/postgres';
import { failpoint } from '@bijli/service';
import { withoutSpans } from '@bijli/tracing';
import { gatherAlike } from '../domain/gather-alike.ts';
import { type ParkedItem, parkItem } from '../store/messages/park-item.ts';
import { type AcceptedPack, recordAccepted, wasFlushed } from '../store/messages/record-accepted.ts';
import { recordStates, type StatedMessage } from '../store/messages/record-states.ts';
import { openDays } from '../store/runs/open-day.ts';
import { type GroupCommit, groupCommit, type Retrying } from './group-commit.ts';

/** Commits what became of messages. */
export type OutcomeRecorder = GroupCommit<StatedMessage>;

/** How a recorder tells what it puts aside. */
export type Recording = Retrying & {
  readonly onParked: (kind: ParkedItem['kind'], error: unknown) => void;
};

/**
 * Makes the recorder of outcomes: what was accepted at its first send goes into packs, everything else is a row. An outcome that cannot be
 * stored as it is settles its message all the same, without the words of the provider, which are parked.
 */
export function outcomeRecorder(
  db: Database,
  { holderId, onParked, ...retrying }: Recording & { readonly holderId: string },
): OutcomeRecorder {
  let latestFlush = Date.now();
  const openAll = openDays(db);
  const numbers = new WeakMap<readonly StatedMessage[], number>();
  const numberOf = (outcomes: readonly StatedMessage[]) => {
    const known = numbers.get(outcomes);
    if (known !== undefined) return { flushNo: known, isRepeat: true };
    latestFlush += 1;
    numbers.set(outcomes, latestFlush);
    return { flushNo: latestFlush, isRepeat: false };
  };
  return groupCommit({
    ...retrying,
    flush: async (outcomes) => {
      const { flushNo, isRepeat } = numberOf(outcomes);
      await failpoint('outcomes.before-commit');
      // A run may go on for longer than its day's partition is kept.
      await withoutSpans(() => openAll(outcomes.map(({ runDay }) => runDay)));
      await withoutSpans(() => commit(db, outcomes, { holderId, flushNo, isRepeat }));
      await failpoint('outcomes.after-commit');
    },
    park: async (outcome, error) => {
      const parked = { kind: 'outcome', error, item: { ...outcome } } as const;
      await withoutSpans(() => parkOne(db, outcome, parked));
      onParked('outcome', error);
    },
  });
}

/** A commit whose answer was lost is repeated with its number, and does nothing when it is there. */
async function commit(
  db: Database,
  outcomes: readonly StatedMessage[],
  { holderId, flushNo, isRepeat }: { holderId: string; flushNo: number; isRepeat: boolean },
): Promise<void> {
  const key = { holderId, flushNo };
  if (isRepeat && (await wasFlushed(db, key))) return;
  const [plain, others] = [outcomes.filter(isPlain), outcomes.filter((outcome) => !isPlain(outcome))];
  const packs = packsOf(plain);
  const provider = plain[0]?.provider ?? '';
  const lost =
    others.length === 0
      ? await recordAccepted(db, packs, key, provider)
      : await withTransaction(db, async (tx) => {
          await recordStates(tx, others);
          return recordAccepted(tx, packs, key, provider);
        });
  if (lost.length === 0) return;
  // Of chunks that another holder has by now: they were in doubt there, and are known now.
  const keys = new Set(lost.map(keyOf));
  const late = plain.filter((outcome) => keys.has(keyOf({ ...outcome, parts: partsOf(outcome) })));
  await withTransaction(db, (tx) => recordStates(tx, late));
}

async function parkOne(db: Database, outcome: StatedMessage, parked: ParkedItem): Promise<void> {
  try {
    await withTransaction(db, async (tx) => {
      await recordStates(tx, [{ ...outcome, commandStatus: null, messageIds: null }]);
      await parkItem(tx, parked);
    });
  } catch (refusal) {
    if (!isDataError(refusal)) throw refusal;
    await withTransaction(db, (tx) => parkItem(tx, parked));
  }
}

/** Whether it only adds to the counts: what was in doubt is also taken from there. */
function isPlain({ state, sendNo, messageIds, isLate }: StatedMessage): boolean {
  return isLate !== true && state === 'accepted' && sendNo === 1 && messageIds !== null && !messageIds.includes(null);
}

function keyOf({ runId, chunkNo, epoch, parts }: Pick<AcceptedPack, 'runId' | 'chunkNo' | 'epoch' | 'parts'>): string {
  return `${runId}/${chunkNo}/${epoch}/${parts}`;
}

function packsOf(outcomes: readonly StatedMessage[]): AcceptedPack[] {
  return gatherAlike(outcomes, areOfOnePack).flatMap((of) => {
    const [first] = of;
    if (first === undefined) return [];
    const { runId, runDay, chunkNo, epoch } = first;
    const messageIds = of.flatMap((outcome) => outcome.messageIds as readonly string[]);
    return [{ runId, runDay, chunkNo, epoch, parts: partsOf(first), seqs: of.map(({ seq }) => seq), messageIds }];
  });
}

const partsOf = ({ messageIds }: StatedMessage): number => messageIds?.length ?? 0;
const areOfOnePack = (one: StatedMessage, other: StatedMessage): boolean =>
  one.runId === other.runId &&
  one.chunkNo === other.chunkNo &&
  one.epoch === other.epoch &&
  partsOf(one) === partsOf(other);
