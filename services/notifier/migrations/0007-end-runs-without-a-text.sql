-- An outage that is over without being told (cancelled, say) has a run too: it ends those before it, and tells nobody.
alter table run drop constraint run_kind_known;
alter table run add constraint run_kind_check
  check (kind in ('planned', 'unplanned', 'estimate', 'restored', 'ended', 'bill', 'payment', 'complaint'));
