import { type Database, query } from '@bijli/postgres';
import { blindIndex, parseMobileNumber } from '@bijli/units';
import { newsOf } from '../truth-model/handset.ts';
import type { Delivery } from '../truth-model/provider.ts';
import { blindIndexKey } from '../town-of-six.ts';
import type { Smsc } from './smsc.ts';
import type { Story } from './story.ts';

/** Compares what the provider saw with what was promised of the sending. */
export async function wrongWithProvider(db: Database, smsc: Smsc, story: Story): Promise<string[]> {
  return [...(await repeats(db, smsc, story)), ...(await receiptsMiscounted(db, smsc))];
}

/** The same text twice in a row comes only of a send that was in doubt, one for each. */
async function repeats(db: Database, { handsets: { log } }: Smsc, { history }: Story): Promise<string[]> {
  // Who moves, or may not be told for a while, hears the same words anew.
  if (history.steps.some(({ command }) => 'whom' in command || command.is === 'move-node')) return [];
  const came = log.filter(({ became }) => became === 'unanswered');
  const wrong: string[] = [];
  for (const [mobile, texts] of Map.groupBy(came, (one) => one.mobile)) {
    const twice = texts.filter(
      (text, n) => n > 0 && octetsOf(text) === octetsOf(texts[n - 1]) && namesOne(text),
    ).length;
    if (twice === 0) continue;
    const doubts = await countDoubts(db, mobile);
    if (twice > doubts)
      wrong.push(`${mobile.slice(-4)} hears the same ${twice} times too often, ${doubts} were in doubt`);
  }
  return wrong;
}

const octetsOf = (text: Delivery | undefined): string =>
  text?.message.parts.map((part) => part.toString('hex')).join() ?? '';
const namesOne = ({ message }: Delivery): boolean => newsOf(message).account !== null;

async function countDoubts(db: Database, mobile: string): Promise<number> {
  const parsed = parseMobileNumber(mobile);
  if (!parsed.ok) return 0;
  const [row] = await query<{ n: number }>(
    db,
    `select count(*)::int as n
       from ledger l join message_state m on m.run_id = l.run_id and m.chunk_no = l.chunk_no and m.seq = l.seq
      where l.mobile_index = :index::bigint and l.fate = 'carrier' and m.state = 'ambiguous'`,
    { index: blindIndex(blindIndexKey, parsed.number).toString() },
  );
  return row?.n ?? 0;
}

/** Of a part whose receipts were answered one is counted, if its text is known, in however many sends it arrived. */
async function receiptsMiscounted(db: Database, { acknowledged }: Smsc): Promise<string[]> {
  const [row] = await query<{ counted: number; known: number }>(
    db,
    `with delivered as (
       select value::bigint as n from run cross join jsonb_each_text(counts) where key = 'receipts-delivered'
        union all select n from count_change where measure = 'receipts-delivered'),
     known as (
       select p.run_id, p.chunk_no, p.seqs[1 + (m.n - 1) / p.parts] as seq, (m.n - 1) % p.parts as part, m.id
         from accepted_pack p cross join unnest(p.message_ids) with ordinality as m (id, n)
        union select s.run_id, s.chunk_no, s.seq, m.n - 1, m.id
                from message_state s cross join unnest(s.message_ids) with ordinality as m (id, n))
     select coalesce((select sum(n) from delivered), 0)::int as counted,
            (select count(distinct (run_id, chunk_no, seq, part))::int from known where id = any(:ids::text[])) as known`,
    { ids: [...acknowledged.keys()] },
  );
  const [counted, known] = [row?.counted ?? 0, row?.known ?? 0];
  const isRight = counted >= known && counted <= acknowledged.size;
  return isRight
    ? []
    : [`${counted} receipts are counted, ${acknowledged.size} were taken, ${known} are of parts with an id`];
}
