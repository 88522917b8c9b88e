import { execute, query, type Transaction } from '@bijli/postgres';
import { KEEP_CONSENT } from '../messages/withdraw-from.ts';
import type { BroadcastChunk } from './claimed-chunk.ts';
import type { Carrier } from './load-carriers.ts';
import { carriersIfExpanded, type ExpandedBefore } from './hold-chunks.ts';
import { CLAIMS } from './expansion/claims.ts';
import { JUDGED } from './expansion/judge.ts';
import { PLACES } from './expansion/places.ts';
import { MOBILES } from './expansion/what-is-true.ts';
import { TOLD } from './expansion/what-was-told.ts';
import { WRITE } from './expansion/write.ts';
import { BY_FORM, carriersOf, WRITTEN_TEXTS, type WrittenTexts } from './expansion/written-texts.ts';
import { WIDE_AUDIENCE } from './wide-audience.ts';
import { findTellingRuns, hasNewRuns, listLiveRuns, lockMeeting, type TellingRun } from './find-telling-runs.ts';

/** How many contacts came out of the expansion with one fate: `carrier`, `coalesced` or `skipped:<reason>`. */
export type ExpandedContacts = { readonly measure: string; readonly n: number };

/** A chunk that was expanded just now. */
export type Expanded = {
  readonly contacts: readonly ExpandedContacts[];
  /** So many messages, the first, go to people who were told nothing yet; all of them where nobody waits for such people. */
  readonly neverTold: number;
  /** Its messages, in the order of their numbers; null where they are to be read. */
  readonly texts: readonly Carrier[] | null;
};

/** A moved return time is told again only when it differs by more than this from what the mobile was last told (ADR 0004). */
const ESTIMATE_THRESHOLD_MINUTES = 30;
/** Told times that are past, or will be so soon, are renewed whatever the difference. */
const RENEWED_BEFORE_MINUTES = 10;
/** Nodes of outages that stand; of more the paths of the audience are unfolded. */
const FEW_NODES = 20;

/**
 * Writes the ledger rows of a chunk: every contact of its range that its scope feeds, or whom its outage has told there, with what it is told
 * (PROTOCOL.md, step 5): the difference between what is true of its connections and what was told. Number, language and consent are
 * read here and nowhere else. One mobile has one carrier, the contact of the lowest account number; seq counts the mobiles from 1, those
 * first who were told nothing yet. What other runs that meet it have not said yet, it says in their place. Inside the caller's transaction.
 * Fails with a unique violation where a contact is in the run already, since its number moved between two chunks; a repeat leaves those out,
 * before the carrier of a mobile is chosen. A run that is over by now says nothing any more, and so takes over nothing of what a newer one says.
 * @returns how many contacts met each fate; what it has where that was done before; null when the chunk was lost; `over`.
 */
export async function expandBroadcast(
  tx: Transaction,
  chunk: BroadcastChunk,
  plannedFamily: 'planned.same-day' | 'planned.multi-day',
  { isRepeat, newTimePauseSeconds }: { readonly isRepeat: boolean; readonly newTimePauseSeconds: number },
): Promise<Expanded | ExpandedBefore | null | 'over'> {
  const telling = await lockTelling(tx, chunk);
  if (telling === null) return null;
  const known = await carriersIfExpanded(tx, chunk);
  if (known !== null) return known;
  // A newer revision that was planned before our chunk was locked is seen; one that is planned later waits with its chunks until we are done.
  const [{ toldNo, named, isOpen } = { toldNo: '0', named: 0, isOpen: false }] = await query<{
    toldNo: string;
    named: number;
    isOpen: boolean;
  }>(
    tx,
    `select ${KEEP_CONSENT}, nextval('chunk_told_no')::text as "toldNo",
            (select count(*)::int from outage_now o join outage_node n on n.outage_id = o.outage_id where o.is_off or o.is_window) as named,
            exists (select from run where run_id = :runId and state = 'open' and not_after > now()) as "isOpen"`,
    { runId: chunk.runId },
  );
  if (!isOpen) return 'over';
  const listed = await listMobiles(tx, chunk);
  const isWide = listed === null && chunk.audienceSize > WIDE_AUDIENCE;
  const place = listed === null ? (isWide ? PLACES.range : PLACES.rangeByNode) : PLACES.list;
  const rows = await query<Outcome>(
    tx,
    `with recursive ${[...TOLD(place, telling.length > 0), ...MOBILES(place, { isWide, isCalm: named <= FEW_NODES }), ...JUDGED({ isWide, hasTold: telling.length > 0, isRepeat }), ...CLAIMS(telling.length > 0), ...WRITE].join(',\n')}
     select case when fate = 'skipped' then 'skipped:' || reason else fate end as measure, count(*)::int as n,
            bool_or(template_key ~ '^(restored|partly)') as "saysBack", (select count(*)::int from carrier where not is_told) as "neverTold",
            ${NO_TEXTS}
       from written group by 1
      union all
     select null, null, null, null, ${WRITTEN_TEXTS} from written where fate = 'carrier' group by ${BY_FORM}`,
    {
      runId: chunk.runId,
      runDay: chunk.runDay,
      chunkNo: chunk.chunkNo,
      outageId: chunk.threadId.slice(OUTAGE.length),
      nodeIds: chunk.nodeIds,
      ownNodeIds: chunk.ownNodeIds,
      plannedFamily,
      isRestored: chunk.kind === 'restored',
      thresholdMinutes: ESTIMATE_THRESHOLD_MINUTES,
      renewedMinutes: RENEWED_BEFORE_MINUTES,
      pauseSeconds: newTimePauseSeconds,
      ...(telling.length > 0
        ? {
            threadId: chunk.threadId,
            toldRuns: telling.map(({ runId }) => runId),
            toldDays: telling.map(({ runDay }) => runDay),
          }
        : {}),
      ...(listed === null ? { rangeFrom: chunk.rangeFrom ?? '0', rangeTo: chunk.rangeTo ?? '0' } : { mobiles: listed }),
    },
  );
  const contacts = rows.filter((row) => row.measure !== null);
  const texts = carriersOf(rows.filter((row) => row.measure === null));
  // Those whom a hospital concerns wait for nobody.
  const waits = chunk.hasUntold && chunk.chunkNo > 0;
  const neverTold = waits ? (contacts[0]?.neverTold ?? 0) : texts.length;
  await execute(
    tx,
    `update chunk set state = 'expanded', carriers = :carriers, never_told = :neverTold, told_no = :toldNo, says_back = :saysBack
      where run_id = :runId and chunk_no = :chunkNo`,
    {
      runId: chunk.runId,
      chunkNo: chunk.chunkNo,
      carriers: texts.length,
      neverTold,
      toldNo,
      saysBack: contacts.some(({ saysBack }) => saysBack === true),
    },
  );
  return { contacts: contacts.map(({ measure, n }) => ({ measure, n })), neverTold, texts };
}

/** How many contacts met a fate, or the texts of one form. They come in one answer: to read them again would cost a third of writing them. */
type Outcome =
  | (ExpandedContacts & { readonly saysBack: boolean | null; readonly neverTold: number })
  | ({ readonly measure: null } & WrittenTexts);
const NO_TEXTS =
  'null as "templateKey", null::int as "claimNo", null as "sealKeyId", null::json as seqs, null::json as accounts, null::bytea as seals';

/**
 * Finds the runs that may have told something, with their chunks locked; null when the chunk was lost. One may have been planned and expanded before
 * ours was locked: from then on it has to wait for us, so that a second look finds all.
 */
async function lockTelling(tx: Transaction, chunk: BroadcastChunk): Promise<TellingRun[] | null> {
  const live = await listLiveRuns(tx);
  const before = await findTellingRuns(tx, chunk);
  if (!(await lockMeeting(tx, chunk, before))) return null;
  if (!(await hasNewRuns(tx, live))) return before;
  const telling = await findTellingRuns(tx, chunk);
  if (telling.every(({ runId }) => before.some((run) => run.runId === runId))) return telling;
  return (await lockMeeting(tx, chunk, telling)) ? telling : null;
}

const OUTAGE = 'outage:';

/** The mobiles of a chunk that has no range: those who hear first, or those of an extra chunk. */
async function listMobiles(
  tx: Transaction,
  { runId, chunkNo, mobiles }: BroadcastChunk,
): Promise<readonly string[] | null> {
  if (chunkNo !== 0) return mobiles;
  const rows = await query<{ mobile: string }>(
    tx,
    'select mobile_index::text as mobile from run_first where run_id = :runId',
    { runId },
  );
  return rows.map(({ mobile }) => mobile);
}
