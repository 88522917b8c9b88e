-- What is told of a connection names its old numbers: those of some lines of the file are looked up at a time.
create index connection_import_alias_line on connection_import_alias (line);
