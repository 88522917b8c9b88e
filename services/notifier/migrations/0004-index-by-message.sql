-- A message is looked up by its place in its chunk: told or not, receipt counted or not, in order from the cursor on.
create index ledger_by_message on ledger (run_id, chunk_no, seq);
drop index ledger_by_chunk;
create index receipt_by_message on receipt (run_id, chunk_no, seq);

-- A chunk of a wide run is a range of mobiles; through audience_by_node it would be a probe per node or the whole table.
create index audience_by_mobile on audience (mobile_index);
