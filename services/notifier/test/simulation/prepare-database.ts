import { type Database, execute, query } from '@bijli/postgres';

/**
 * Clocks that are found before the server's own: they read what was said with the statement, when its transaction began and what it is now. The
 * days are those of the stories.
 */
const VIRTUAL_CLOCK = `
  create schema if not exists sim;
  create or replace function sim.now() returns timestamptz language sql stable
    as $$ select pg_catalog.current_setting('sim.begun')::timestamptz $$;
  create or replace function sim.clock_timestamp() returns timestamptz language sql stable
    as $$ select pg_catalog.current_setting('sim.clock')::timestamptz $$;
  create or replace function sim.statement_timestamp() returns timestamptz language sql stable
    as $$ select pg_catalog.current_setting('sim.clock')::timestamptz $$;
  do $$
  declare d record;
  begin
    for d in select inhrelid::regclass as tab from pg_inherits where inhparent in (
               select oid from pg_class where relkind = 'p' and relnamespace = 'public'::regnamespace) loop
      execute format('drop table %s', d.tab);
    end loop;
    perform open_day('2026-03-02'), open_day('2026-03-03');
    for d in select c.oid::regclass as tab, a.attname as col
               from pg_attrdef x join pg_class c on c.oid = x.adrelid
               join pg_attribute a on a.attrelid = c.oid and a.attnum = x.adnum
              where c.relnamespace = 'public'::regnamespace and pg_get_expr(x.adbin, x.adrelid) = 'now()' loop
      execute format('alter table %s alter column %I set default sim.now()', d.tab, d.col);
    end loop;
    for d in select c.oid::regclass as tab from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' loop
      execute format('alter table %s set (autovacuum_enabled = false)', d.tab);
    end loop;
  end $$`;

/**
 * Makes all tables empty and begins all numbers anew. A table of few pages keeps them: were its file another one, all plans of all sessions would be
 * made anew, 0.16 s of a core a story. Its size says nothing to the planner as long as it is below ten pages.
 */
const EMPTY = `
  create or replace function sim.empty() returns void language plpgsql set session_replication_role = replica as $$
  declare t record;
  begin
    for t in select c.oid::regclass as tab, pg_relation_size(c.oid) as octets from pg_class c
              where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace and c.relname <> 'schema_migration' loop
      if t.octets > 8 * 8192 then execute format('truncate %s cascade', t.tab);
      elsif t.octets > 0 then execute format('delete from %s', t.tab);
      end if;
    end loop;
    perform setval(oid, 1, false) from pg_class where relkind = 'S' and relnamespace = 'public'::regnamespace;
  end $$`;

/** Makes a migrated database one of stories. */
export async function prepareDatabase(database: Database): Promise<void> {
  await execute(database, VIRTUAL_CLOCK);
  await execute(database, EMPTY);
}

/** Makes it empty again, with the same numbers as at first. */
export async function emptyDatabase(database: Database): Promise<void> {
  await query(database, 'select sim.empty()');
}
