-- Who is supplied, and how to reach them. A mobile number stands here as a sealed block and a blind index, never plain.
--
-- Two foreign keys are written down and not enforced: checking them row by row costs an import of 462,000 rows 4 s of its
-- 20. The import itself refuses unknown nodes and writes a contact with its connection; neither nodes nor connections are
-- ever deleted.

create table connection (
  id             uuid        not null,
  account_number text        not null,
  category       text        not null,
  state          text        not null,
  node_code      text,
  locality_en    text        not null default '',
  locality_hi    text        not null default '',
  meter_number   text        not null default '',
  consumer_name  text        not null default '',
  version        bigint      not null,
  registered_at  timestamptz not null,
  changed_at     timestamptz not null,
  constraint connection_pkey primary key (id),
  constraint connection_account_number_key unique (account_number),
  constraint connection_account_number_form check (account_number ~ '^[0-9]{10}$'),
  constraint connection_category_known check (
    category in ('domestic', 'commercial', 'industrial', 'agriculture', 'hospital', 'waterworks', 'life-support')
  ),
  constraint connection_state_known check (state in ('active', 'disconnected', 'closed', 'erased')),
  constraint connection_node_fkey foreign key (node_code) references network_node (code) not enforced,
  constraint connection_version_counts check (version >= 1)
);
create index connection_node on connection (node_code);
create index connection_unmapped on connection (account_number) where node_code is null;
comment on column connection.node_code is 'null where nobody knows yet which node supplies it';

-- Old account numbers go on working after a billing migration.
create table account_alias (
  alias         text not null,
  connection_id uuid not null,
  constraint account_alias_pkey primary key (alias),
  constraint account_alias_connection_fkey foreign key (connection_id) references connection (id)
);
create index account_alias_connection on account_alias (connection_id);

create table contact (
  connection_id uuid        not null,
  contact_no    integer     not null,
  language      text        not null,
  number_state  text        not null,
  sealed_number bytea,
  seal_key_id   text,
  blind_index   bigint,
  purposes      text[]      not null default '{outage,billing,complaint}',
  source        text        not null,
  changed_at    timestamptz not null,
  constraint contact_pkey primary key (connection_id, contact_no),
  constraint contact_connection_fkey foreign key (connection_id) references connection (id) not enforced,
  constraint contact_no_counts check (contact_no >= 1 and contact_no <= 16),
  constraint contact_language_known check (language in ('hi', 'en')),
  constraint contact_number_state_known check (
    number_state in ('absent', 'malformed', 'collected', 'verified', 'proven', 'suspect', 'revoked', 'quarantined')
  ),
  constraint contact_source_known check (source in ('import', 'je', 'self', 'billing')),
  constraint contact_seal_whole check (
    (sealed_number is null) = (seal_key_id is null) and (sealed_number is null) = (blind_index is null)
  ),
  constraint contact_seal_length check (octet_length(sealed_number) = 16),
  constraint contact_number_where_it_should_be check (
    (number_state in ('absent', 'malformed')) = (sealed_number is null)
  )
);
create index contact_blind_index on contact (blind_index) where blind_index is not null;
comment on column contact.blind_index is 'finds and groups equal numbers; HMAC, see libs/units';

-- Who changed what of a contact, when, and on whose word. Rows are only ever added; numbers stay sealed.
create table contact_history (
  id                bigint generated always as identity,
  connection_id     uuid        not null,
  contact_no        integer     not null,
  changed_at        timestamptz not null,
  changed_by        text        not null,
  source            text        not null,
  what              text        not null,
  old_language      text,
  new_language      text,
  old_number_state  text,
  old_sealed_number bytea,
  old_seal_key_id   text,
  new_sealed_number bytea,
  new_seal_key_id   text,
  constraint contact_history_pkey primary key (id),
  constraint contact_history_what_known check (what in ('mobile-number', 'language')),
  constraint contact_history_source_known check (source in ('import', 'je', 'self', 'billing'))
);
create index contact_history_contact on contact_history (connection_id, contact_no, id);
comment on column contact_history.changed_by is 'id of the person or of the import; never a name or a number';
comment on column contact_history.old_sealed_number is 'null where there was no number';
