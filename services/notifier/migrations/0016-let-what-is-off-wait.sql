-- What says that another outage keeps somebody off waits where newer news of that outage is not judged yet: it may be over there.
alter table run_wait add column is_of_claim boolean not null default false;
comment on table run_wait is 'Older runs that were open when newer news was planned: of a cut that meets them, or (is_of_claim) of an outage that they name';
create index run_claim_by_outage on run_claim (outage_id) where kind = 'off';
