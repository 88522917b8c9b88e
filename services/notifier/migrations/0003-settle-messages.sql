-- What became of a whole message stands on the attempt that settled it, and only there: exactly these rows are counted.
-- Attempts without it are parts of a message that is still under way, or evidence of a holder that had lost its chunk.
-- A message that the next holder finds unsettled is in doubt as a whole: part_no 0.

alter table attempt add column settles text null;
alter table attempt add constraint attempt_settles_known
  check (settles in ('accepted', 'rejected', 'in-doubt', 'superseded', 'stale'));
