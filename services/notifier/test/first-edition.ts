import { type Database, execute, query, withTransaction } from '@bijli/postgres';
import { blindIndex, istDay, parseMobileNumber, sealMobileNumber } from '@bijli/units';
import { blindIndexKey, idOf, moveIn, networkEvents, outage, sealKeys } from './town-of-six.ts';

const day = istDay(new Date());
const HANDSETS = '91';

/** Numbers in the order of their blind indices. */
function byIndex(...mobiles: string[]): string[] {
  return mobiles.sort((a, b) => (indexOf(a) < indexOf(b) ? -1 : 1));
}

/** The index under which a mobile stands in tables. */
export function indexOf(mobile: string): bigint {
  const parsed = parseMobileNumber(mobile);
  if (!parsed.ok) throw new Error('no number');
  return blindIndex(blindIndexKey, parsed.number);
}

const account = (n: number): string => `10000000${String(n).padStart(2, '0')}`;
const mobile = (n: number): string => `98111111${String(n).padStart(2, '0')}`;
/** One contact moved to a number that comes before its old one, the other to one that comes after it. */
const [lowSix = '', highSix = ''] = byIndex(mobile(6), mobile(66));
const [lowSeven = '', highSeven = ''] = byIndex(mobile(7), mobile(77));

/** What the first edition has left in the middle of a run, message by message, in order of seq. */
type Left = {
  readonly account: string;
  readonly mobile: string;
  /** Attempts as part, outcome, what it settles, id. */
  readonly attempts: readonly (readonly [number, string, string | null, string | null])[];
  /** Receipts as part, id, word. */
  readonly receipts?: readonly (readonly [number, string, string])[];
};

const LEFT: readonly Left[] = [
  {
    account: account(1),
    mobile: mobile(1),
    attempts: [[1, 'accepted', 'accepted', 'm-1']],
    receipts: [[1, 'm-1', 'DELIVRD']],
  },
  { account: account(2), mobile: mobile(2), attempts: [[1, 'rejected', 'rejected', null]] },
  {
    // Its holder was killed between the parts.
    account: account(3),
    mobile: mobile(3),
    attempts: [
      [1, 'accepted', null, 'm-3a'],
      [0, 'in-doubt', 'in-doubt', null],
    ],
  },
  {
    account: account(4),
    mobile: mobile(4),
    attempts: [
      [1, 'accepted', null, 'm-4a'],
      [2, 'accepted', 'accepted', 'm-4b'],
    ],
    receipts: [
      [2, 'm-4b', 'ENROUTE'],
      [2, 'm-4b', 'DELIVRD'],
    ],
  },
  {
    account: account(5),
    mobile: mobile(5),
    attempts: [[1, 'accepted', 'accepted', 'm-5']],
    receipts: [[1, 'm-5', 'DNDREJECT']],
  },
  { account: account(6), mobile: lowSix, attempts: [[1, 'accepted', 'accepted', 'm-6-old']] },
  { account: account(6), mobile: highSix, attempts: [[1, 'accepted', 'accepted', 'm-6']] },
  { account: account(7), mobile: highSeven, attempts: [[1, 'accepted', 'accepted', 'm-7-old']] },
  { account: account(7), mobile: lowSeven, attempts: [[1, 'accepted', 'accepted', 'm-7']] },
  // Not written ahead yet.
  { account: account(8), mobile: mobile(8), attempts: [] },
  { account: account(10), mobile: mobile(10), attempts: [] },
];
const WRITTEN_AHEAD = 9;

/** The number to which the text with this id went. */
export function numberOf(messageId: string): string {
  return LEFT.find(({ attempts }) => attempts.some(([, , , id]) => id === messageId))?.mobile ?? '';
}

/** Sums as the first edition counted them. */
const COUNTED = {
  carrier: 11,
  'skipped:no-number': 1,
  accepted: 7,
  rejected: 1,
  'in-doubt': 1,
  'parts-accepted': 9,
  'receipts-delivered': 2,
  'receipts-other:DNDREJECT': 1,
};

/** The handsets of those who were told, as far as the numbers are still theirs. */
export const TOLD: readonly string[] = [mobile(1), mobile(3), mobile(4), mobile(5), highSix, lowSeven]
  .map((one) => HANDSETS + one)
  .sort();
/** The handsets whose texts wait above the cursor. */
export const WAITING: readonly string[] = [mobile(8), mobile(10)].map((one) => HANDSETS + one);
/** A handset of a run that is held. */
export const HELD = HANDSETS + mobile(20);

export const event = outage({ nodeIds: ['F-1'] });
const heldEvent = outage({ nodeIds: ['F-2'], aggregateId: '00000000-0000-7000-8000-00000000000b' });
export const RUN = '01900000-0000-7000-8000-000000000001';
export const HELD_RUN = '01900000-0000-7000-8000-000000000002';

/** What was counted of a run in the tables of the first edition. */
export async function countedBefore(db: Database): Promise<Record<string, number>> {
  const rows = await query<{ measure: string; n: number }>(
    db,
    `select measure, sum(n)::int as n from count_delta where run_id = :run group by measure`,
    { run: RUN },
  );
  return Object.fromEntries(rows.map(({ measure, n }) => [measure, n]));
}

/** Fills a database of the first edition: a run in the middle, whose holder was killed, and one that is held. */
export async function fillFirstEdition(db: Database): Promise<void> {
  await query(db, 'select open_day(:day::date)', { day });
  const nodes = networkEvents();
  await execute(
    db,
    `insert into network_node (node_id, parent_id, kind, valid_from, version)
     select node_id, parent_id, kind, now(), 1 from unnest(:ids::text[], :parents::text[], :kinds::text[]) as n (node_id, parent_id, kind)`,
    {
      ids: nodes.map((node) => node.aggregateId),
      parents: nodes.map((node) => node.parentId),
      kinds: nodes.map((node) => node.kind),
    },
  );
  const homes = new Map(LEFT.map((left) => [left.account, { ...left, node: 'DT-1', language: 'en' as const }]));
  const others = [
    { account: account(9), node: 'DT-2' },
    { account: account(20), node: 'F-2', mobile: mobile(20), language: 'en' as const },
  ];
  await withTransaction(db, (tx) => moveIn(tx, [...homes.values(), ...others], 1));
  await insertRun(db, { runId: RUN, of: event, state: 'open', audience: 12 });
  await insertRun(db, { runId: HELD_RUN, of: heldEvent, state: 'held', audience: 1 });
  await execute(
    db,
    `update chunk set state = 'expanded', carriers = :carriers, cursor = :cursor, epoch = 2, leased_until = now() - interval '1 minute'
      where run_id = :run`,
    { run: RUN, carriers: LEFT.length, cursor: WRITTEN_AHEAD },
  );
  await insertLedger(db);
  await insertAttempts(db);
  await execute(
    db,
    `insert into count_delta (run_id, chunk_no, measure, n)
     select :run::uuid, 1, measure, n from unnest(:measures::text[], :ns::int[]) as c (measure, n)`,
    { run: RUN, measures: Object.keys(COUNTED), ns: Object.values(COUNTED) },
  );
}

async function insertRun(
  db: Database,
  { runId, of, state, audience }: { runId: string; of: typeof event; state: string; audience: number },
): Promise<void> {
  const { kind: outageKind, cause, startsAt, estimatedRestorationAt, restoredAt, nodeIds } = of;
  await execute(
    db,
    `insert into run (run_id, thread_id, revision, kind, run_day, state, state_reason, lane, facts, not_after, audience_size, planned_at)
     values (:runId, :thread, 1, 'unplanned', :day::date, :state, null, 1, :facts::jsonb, :notAfter, :audience, now())`,
    {
      runId,
      state,
      audience,
      day,
      thread: `outage:${of.aggregateId}`,
      facts: JSON.stringify({ outageKind, cause, startsAt, estimatedRestorationAt, restoredAt }),
      notAfter: estimatedRestorationAt,
    },
  );
  await execute(db, `insert into run_scope (run_id, node_id) select :runId::uuid, unnest(:nodeIds::text[])`, {
    runId,
    nodeIds,
  });
  await execute(
    db,
    `insert into chunk (run_id, chunk_no, range_from, range_to)
     values (:runId, 1, '-9223372036854775808'::bigint, '9223372036854775807'::bigint)`,
    { runId },
  );
}

async function insertLedger(db: Database): Promise<void> {
  const sealed = LEFT.map((left) => {
    const parsed = parseMobileNumber(left.mobile);
    if (!parsed.ok) throw new Error('no number');
    return sealMobileNumber(sealKeys, parsed.number);
  });
  await execute(
    db,
    `insert into ledger (run_day, run_id, connection_id, contact_no, mobile_index, chunk_no, seq, fate, template_key, language,
                         account_number, is_critical, sealed_number, seal_key_id, reason)
     select :day::date, :run::uuid, connection_id, 1, mobile_index, 1, seq, 'carrier', 'unplanned.one.en', 'en', account, false,
            decode(number, 'hex'), key_id, null
       from unnest(:connectionIds::uuid[], :mobiles::bigint[], :accounts::text[], :numbers::text[], :keyIds::text[]) with ordinality
            as l (connection_id, mobile_index, account, number, key_id, seq)
      union all
     select :day::date, :run::uuid, :withoutNumber::uuid, 1, 7, 1, null, 'skipped', null, 'en', 'none', false, null, null, 'no-number'`,
    {
      day,
      run: RUN,
      connectionIds: LEFT.map((left) => idOf(left.account)),
      mobiles: LEFT.map((left) => indexOf(left.mobile).toString()),
      accounts: LEFT.map((left) => left.account),
      numbers: sealed.map(({ block }) => block.toString('hex')),
      keyIds: sealed.map(({ keyId }) => keyId),
      withoutNumber: idOf(account(9)),
    },
  );
}

async function insertAttempts(db: Database): Promise<void> {
  const attempts = LEFT.flatMap((left, n) => left.attempts.map((attempt) => [n + 1, ...attempt] as const));
  await execute(
    db,
    `insert into attempt (run_day, run_id, chunk_no, seq, part_no, epoch, outcome, settles, command_status, provider, provider_message_id,
                          recorded_at)
     select :day::date, :run::uuid, 1, seq, part_no, case when part_no = 0 then 2 else 1 end, outcome, settles,
            case when outcome = 'rejected' then 11 end, 'test', id, now() - interval '5 minutes'
       from unnest(:seqs::int[], :parts::smallint[], :outcomes::text[], :settles::text[], :ids::text[])
            as a (seq, part_no, outcome, settles, id)`,
    {
      day,
      run: RUN,
      seqs: attempts.map(([seq]) => seq),
      parts: attempts.map(([, part]) => part),
      outcomes: attempts.map(([, , outcome]) => outcome),
      settles: attempts.map(([, , , settles]) => settles),
      ids: attempts.map(([, , , , id]) => id),
    },
  );
  const receipts = LEFT.flatMap(({ receipts: of = [] }, n) => of.map((receipt) => [n + 1, ...receipt] as const));
  await execute(
    db,
    `insert into receipt (arrival_day, arrived_at, provider, provider_message_id, stat, error_code, run_day, run_id, chunk_no, seq, part_no)
     select :day::date, now() - interval '4 minutes', 'test', id, stat, null, :day::date, :run::uuid, 1, seq, part_no
       from unnest(:seqs::int[], :parts::smallint[], :ids::text[], :stats::text[]) as r (seq, part_no, id, stat)`,
    {
      day,
      run: RUN,
      seqs: receipts.map(([seq]) => seq),
      parts: receipts.map(([, part]) => part),
      ids: receipts.map(([, , id]) => id),
      stats: receipts.map(([, , , stat]) => stat),
    },
  );
}
