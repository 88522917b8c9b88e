-- New connections are saved some lines of the file at a time.
alter table connection_import_row add constraint connection_import_row_pkey primary key (line);

-- One index of the history serves both: what is asked for is the history of a contact, in its order.
alter table contact_history
  drop constraint contact_history_pkey,
  add constraint contact_history_pkey primary key (connection_id, contact_no, id);
drop index contact_history_contact;
