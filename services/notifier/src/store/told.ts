import { IN_CHUNK } from './in-chunk.ts';

/**
 * One row per connection, contact and mobile whose text was written ahead (at or below its chunk's cursor) in a run before
 * :revision, with the newest return time it was told. A message that is known not to have gone out was not told. The ledger is
 * read chunk by chunk (offset 0 keeps it so): the planner cannot know how few chunks a caller leaves.
 */
const WRITTEN_AHEAD = `
  select l.connection_id, l.contact_no, l.mobile_index, l.account_number, l.is_critical, l.language, l.sealed_number, l.seal_key_id,
         r.revision, r.kind, cast(r.facts->>'estimatedRestorationAt' as timestamptz) as told_estimate
    from run r
    join chunk c on c.run_id = r.run_id
   cross join lateral (
         select *
           from ledger l
          where l.run_day = r.run_day and l.run_id = c.run_id and l.chunk_no = c.chunk_no and l.seq <= c.cursor
            and not exists (select from attempt a
                             where a.run_day = r.run_day and a.run_id = c.run_id and a.chunk_no = c.chunk_no and a.seq = l.seq
                               and a.outcome in ('rejected', 'unsent'))
         offset 0) l
   where r.thread_id = :threadId and r.revision < cast(:revision as bigint)`;

/**
 * Of these rows, what a mobile was told since it was told last that supply is back: that is settled with it. So the return is told
 * once, however often an event repeats it, and power that is off again is news. A window, since it costs the same whatever the
 * planner believes.
 */
const sinceRestored = (rows: string): string => `
  select t.*
    from (select w.*, max(w.revision) filter (where w.kind = 'restored') over (partition by w.mobile_index) as told_back
            from (${rows}) w) t
   where t.told_back is null or t.revision > t.told_back`;

/**
 * What a thread has told so far and what still holds, as SQL. Bindings: threadId, revision. Nothing else in the notifier decides
 * what "told" means.
 */
export const TOLD = sinceRestored(WRITTEN_AHEAD);

/**
 * What was told to at least the mobiles of one chunk: only earlier chunks whose range meets this one's are read. For each
 * of a hundred chunks the whole of what was told would be read a hundred times. Bindings: those of TOLD, runId and rangeBindings.
 */
export const TOLD_NEAR_CHUNK = sinceRestored(`${WRITTEN_AHEAD}
     and (c.range_from is null
          or (not cast(:isFirst as bool) and c.range_from <= cast(:rangeTo as bigint) and c.range_to >= cast(:rangeFrom as bigint))
          or (cast(:isFirst as bool) and exists (select from run_first f
                                                  where f.run_id = :runId and f.mobile_index >= c.range_from
                                                    and f.mobile_index <= c.range_to)))`);

/** What was told to the mobiles of one chunk, with the same bindings. */
export const TOLD_IN_CHUNK = `select x.* from (${TOLD_NEAR_CHUNK}) x where ${IN_CHUNK}`;
