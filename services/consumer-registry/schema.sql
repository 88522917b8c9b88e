CREATE OR REPLACE FUNCTION public.analyze_import()
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public'
AS $function$
begin
  analyze public.network_import_row, public.connection_import_row;
end
$function$
;

CREATE OR REPLACE FUNCTION public.analyze_verdicts()
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public'
AS $function$
begin
  analyze public.connection_import_verdict;
end
$function$
;

CREATE OR REPLACE FUNCTION public.clear_import()
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public'
AS $function$
begin
  truncate public.network_import_row, public.network_import_verdict, public.import_fault,
    public.connection_import_row, public.connection_import_alias, public.connection_import_verdict;
end
$function$
;

CREATE OR REPLACE FUNCTION public.masked_cell(value text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE
RETURN CASE WHEN ((value ~ '^([A-Z]{1,4}-[A-Za-z0-9-]{1,20}|[a-z-]{1,20})$'::text) AND (value !~ '[0-9]{7}'::text) AND (replace(value, '-'::text, ''::text) !~ '[0-9]{10}'::text)) THEN value ELSE "left"(regexp_replace(regexp_replace(value, '[0-9०-९]'::text, '•'::text, 'g'::text), '[A-Za-z]|[^ -~•]'::text, 'x'::text, 'g'::text), 40) END
;

CREATE OR REPLACE FUNCTION public.network_level(kind text)
 RETURNS integer
 LANGUAGE sql
 IMMUTABLE
RETURN array_position(ARRAY['zone'::text, 'circle'::text, 'division'::text, 'sub-division'::text, 'substation'::text, 'feeder'::text, 'distribution-transformer'::text], kind)
;

create table account_alias (
  alias text not null,
  connection_id uuid not null,
  constraint account_alias_connection_fkey FOREIGN KEY (connection_id) REFERENCES connection(id) NOT ENFORCED,
  constraint account_alias_pkey PRIMARY KEY (alias)
);
CREATE INDEX account_alias_connection ON public.account_alias USING btree (connection_id);

create table connection (
  id uuid not null,
  account_number text not null,
  category text not null,
  state text not null,
  node_code text,
  locality_en text default ''::text not null,
  locality_hi text default ''::text not null,
  meter_number text default ''::text not null,
  consumer_name text default ''::text not null,
  version bigint not null,
  registered_at timestamp with time zone not null,
  changed_at timestamp with time zone not null,
  constraint connection_account_number_form CHECK ((account_number ~ '^[0-9]{10}$'::text)),
  constraint connection_account_number_key UNIQUE (account_number),
  constraint connection_category_known CHECK ((category = ANY (ARRAY['domestic'::text, 'commercial'::text, 'industrial'::text, 'agriculture'::text, 'hospital'::text, 'waterworks'::text, 'life-support'::text]))),
  constraint connection_node_fkey FOREIGN KEY (node_code) REFERENCES network_node(code) NOT ENFORCED,
  constraint connection_pkey PRIMARY KEY (id),
  constraint connection_state_known CHECK ((state = ANY (ARRAY['active'::text, 'disconnected'::text, 'closed'::text, 'erased'::text]))),
  constraint connection_version_counts CHECK ((version >= 1))
);
CREATE INDEX connection_node ON public.connection USING btree (node_code);
CREATE INDEX connection_unmapped ON public.connection USING btree (account_number) WHERE (node_code IS NULL);

create table connection_import_alias (
  line integer not null,
  alias text not null
);
CREATE INDEX connection_import_alias_line ON public.connection_import_alias USING btree (line);

create table connection_import_row (
  line integer not null,
  account_number text not null,
  category text not null,
  state text not null,
  node_code text not null,
  locality_en text not null,
  locality_hi text not null,
  meter_number text not null,
  consumer_name text not null,
  language text not null,
  old_account_numbers text not null,
  number_state text not null,
  number_rule text,
  number_shape text,
  sealed_number bytea,
  blind_index bigint,
  refused_field text,
  refused_rule text,
  refused_value text,
  known_id uuid,
  cell_faults text,
  constraint connection_import_row_pkey PRIMARY KEY (line)
);

create table connection_import_verdict (
  line integer not null,
  connection_id uuid not null,
  outcome text not null,
  number_action text not null,
  is_language_changed boolean not null,
  constraint connection_import_verdict_pkey PRIMARY KEY (line)
);

create table contact (
  connection_id uuid not null,
  contact_no integer not null,
  language text not null,
  number_state text not null,
  sealed_number bytea,
  seal_key_id text,
  blind_index bigint,
  purposes text[] default '{outage,billing,complaint}'::text[] not null,
  source text not null,
  changed_at timestamp with time zone not null,
  constraint contact_connection_fkey FOREIGN KEY (connection_id) REFERENCES connection(id) NOT ENFORCED,
  constraint contact_language_known CHECK ((language = ANY (ARRAY['hi'::text, 'en'::text]))),
  constraint contact_no_counts CHECK (((contact_no >= 1) AND (contact_no <= 16))),
  constraint contact_number_state_known CHECK ((number_state = ANY (ARRAY['absent'::text, 'malformed'::text, 'collected'::text, 'verified'::text, 'proven'::text, 'suspect'::text, 'revoked'::text, 'quarantined'::text]))),
  constraint contact_number_where_it_should_be CHECK (((number_state = ANY (ARRAY['absent'::text, 'malformed'::text])) = (sealed_number IS NULL))),
  constraint contact_pkey PRIMARY KEY (connection_id, contact_no),
  constraint contact_seal_length CHECK ((octet_length(sealed_number) = 16)),
  constraint contact_seal_whole CHECK ((((sealed_number IS NULL) = (seal_key_id IS NULL)) AND ((sealed_number IS NULL) = (blind_index IS NULL)))),
  constraint contact_source_known CHECK ((source = ANY (ARRAY['import'::text, 'je'::text, 'self'::text, 'billing'::text])))
);
CREATE INDEX contact_blind_index ON public.contact USING btree (blind_index) WHERE (blind_index IS NOT NULL);

create table contact_history (
  id bigint generated always as identity not null,
  connection_id uuid not null,
  contact_no integer not null,
  changed_at timestamp with time zone not null,
  changed_by text not null,
  source text not null,
  what text not null,
  old_language text,
  new_language text,
  old_number_state text,
  old_sealed_number bytea,
  old_seal_key_id text,
  new_sealed_number bytea,
  new_seal_key_id text,
  constraint contact_history_pkey PRIMARY KEY (connection_id, contact_no, id),
  constraint contact_history_source_known CHECK ((source = ANY (ARRAY['import'::text, 'je'::text, 'self'::text, 'billing'::text]))),
  constraint contact_history_what_known CHECK ((what = ANY (ARRAY['mobile-number'::text, 'language'::text])))
);

create table import_fault (
  line integer not null,
  field text not null,
  rule text not null,
  value text not null,
  constraint import_fault_pkey PRIMARY KEY (line, field)
);

create table import_run (
  id uuid not null,
  kind text not null,
  started_at timestamp with time zone not null,
  finished_at timestamp with time zone not null,
  counts jsonb not null,
  is_dry_run boolean not null,
  constraint import_run_kind_known CHECK ((kind = ANY (ARRAY['connections'::text, 'network'::text]))),
  constraint import_run_pkey PRIMARY KEY (id)
);

create table network_import_row (
  line integer not null,
  code text not null,
  kind text not null,
  parent_code text not null,
  name_en text not null,
  name_hi text not null,
  refused_field text,
  refused_rule text,
  refused_value text,
  cell_faults text
);

create table network_import_verdict (
  code text not null,
  outcome text not null,
  is_moved boolean not null,
  valid_from timestamp with time zone,
  constraint network_import_verdict_pkey PRIMARY KEY (code)
);

create table network_node (
  code text not null,
  kind text not null,
  name_en text not null,
  name_hi text default ''::text not null,
  version bigint not null,
  changed_at timestamp with time zone not null,
  constraint network_node_kind_known CHECK ((kind = ANY (ARRAY['zone'::text, 'circle'::text, 'division'::text, 'sub-division'::text, 'substation'::text, 'feeder'::text, 'distribution-transformer'::text]))),
  constraint network_node_pkey PRIMARY KEY (code),
  constraint network_node_version_counts CHECK ((version >= 1))
);
CREATE INDEX network_node_kind ON public.network_node USING btree (kind, code);

create table network_placement (
  id bigint generated always as identity not null,
  node_code text not null,
  parent_code text,
  valid_from timestamp with time zone not null,
  valid_to timestamp with time zone,
  constraint network_placement_half_open CHECK ((valid_to > valid_from)),
  constraint network_placement_node_fkey FOREIGN KEY (node_code) REFERENCES network_node(code),
  constraint network_placement_not_itself CHECK ((parent_code <> node_code)),
  constraint network_placement_one_at_a_time EXCLUDE USING gist (node_code WITH =, tstzrange(valid_from, valid_to) WITH &&),
  constraint network_placement_parent_fkey FOREIGN KEY (parent_code) REFERENCES network_node(code),
  constraint network_placement_pkey PRIMARY KEY (id)
);
CREATE INDEX network_placement_children ON public.network_placement USING btree (parent_code, node_code) WHERE (valid_to IS NULL);
CREATE UNIQUE INDEX network_placement_one_open ON public.network_placement USING btree (node_code) WHERE (valid_to IS NULL);

create table refused_row (
  import_id uuid not null,
  line integer not null,
  severity text not null,
  field text not null,
  rule text not null,
  masked_value text not null,
  constraint refused_row_import_fkey FOREIGN KEY (import_id) REFERENCES import_run(id),
  constraint refused_row_pkey PRIMARY KEY (import_id, line, severity, field, rule),
  constraint refused_row_severity_known CHECK ((severity = ANY (ARRAY['refused'::text, 'warning'::text])))
);

create table tried_node (
  import_id uuid not null,
  code text not null,
  constraint tried_node_import_fkey FOREIGN KEY (import_id) REFERENCES import_run(id) NOT ENFORCED,
  constraint tried_node_pkey PRIMARY KEY (import_id, code)
);
