-- An event of the control room that says what was so before is heard, and changes nothing: the estimate that there is.
alter table control_room_event
  add column is_unchanged boolean not null default false;
comment on column control_room_event.is_unchanged is 'whether it said what was so before';
