/** Makes the number of a claim of what it says: the same in every run. */
export function claimNo(kind: string, outage: string, startsAt: string, until: string): string {
  return `hashtext(concat_ws(' ', ${kind}, ${outage}, extract(epoch from ${startsAt}), extract(epoch from ${until})))`;
}
export const ON_CLAIM = 0;

/** What its rows may say, each form once; of what was told that still holds, too. */
export function CLAIMS(hasTold: boolean): string[] {
  return [
    `claimed as (
       insert into run_claim (run_id, claim_no, kind, outage_id, cause, starts_at, until)
       select distinct on (claim_no) :runId::uuid, claim_no, kind, outage_id, cause, starts_at, until
         from (select ${claimNo(`'off'`, 'outage_id', 'starts_at', 'until')} as claim_no, 'off' as kind, outage_id, cause, starts_at, until
                 from standing where is_off and no in (select off_no from node)
                union all
               select ${claimNo(`'window'`, 'outage_id', 'starts_at', 'until')}, 'window', outage_id, cause, starts_at, until from standing where is_window
                union all
               select ${ON_CLAIM}, 'on', :outageId::uuid, null, null, null
               ${hasTold ? TAKEN_OVER : ''}) each
       on conflict do nothing)`,
  ];
}

const TAKEN_OVER = `
                union all
               select claim_no, kind, outage_id, cause, starts_at, until from run_claim where run_id = any(:toldRuns::uuid[])
                union all
               select ${claimNo(`'no-window'`, ':outageId::text', 'starts_at', 'until')}, 'no-window', :outageId::uuid, cause, starts_at, until
                 from run_claim where run_id = any(:toldRuns::uuid[]) and kind = 'window'`;
