-- A text that says of some accounts that they are off while others are back is asked once more before it leaves (store/messages/renew-partly.ts).
create index ledger_partly on ledger (run_id, chunk_no, seq) where template_key like 'partly.%';
