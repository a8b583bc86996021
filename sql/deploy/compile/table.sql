-- Deploy qryvanta:compile/table to pg
-- requires: compile/step compile/scope publish/place
-- What is there, and what of it is what a model asks for, by the ids of its elements. All that
-- follows speaks of tables and columns by the names that the model gives them.

begin;

set local role qryvanta_owner;

create view compile.actual_table as
select
    n.nspname::text as schema_name,
    c.relname::text as table_name,
    c.oid as table_id,
    pg_get_userbyid(c.relowner)::text as owner_name,
    c.relrowsecurity as row_security,
    c.relforcerowsecurity as force_row_security,
    obj_description(c.oid, 'pg_class') as comment
from pg_catalog.pg_class c
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'p');

comment on view compile.actual_table is 'The tables that are there';

create view compile.actual_column as
select
    n.nspname::text as schema_name,
    c.relname::text as table_name,
    c.oid as table_id,
    a.attname::text as column_name,
    a.attnum as column_no,
    format_type(a.atttypid, a.atttypmod) as sql_type,
    a.attnotnull as not_null,
    a.attgenerated <> '' as generated,
    col_description(c.oid, a.attnum) as comment
from pg_catalog.pg_attribute a
join pg_catalog.pg_class c on c.oid = a.attrelid
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'p') and a.attnum > 0 and not a.attisdropped;

comment on view compile.actual_column is 'The columns that are there';

create function compile.quarantine_name(name text)
    returns text
    stable
    language sql
return '_dropped_'
|| case when octet_length(quarantine_name.name) <= 30 then quarantine_name.name
    -- Two long names may begin alike.
    else left(regexp_replace(quarantine_name.name, '[^ -~]', '', 'g'), 23)
        || '_' || left(md5(quarantine_name.name), 6) end
-- To the millisecond: it may come back and be dropped again.
|| to_char(now() at time zone 'UTC', '_YYYYMMDDHH24MISSMS');

comment on function compile.quarantine_name(text) is
'The name under which a dropped column or table keeps its data';

create function compile.is_internal(name text)
    returns boolean
    immutable
    parallel safe
    language sql
return is_internal.name ~ '^_(dropped|next|moving)_';

comment on function compile.is_internal(text) is
'Whether a name is one of the publisher''s own: set aside (_dropped_), prepared (_next_), moving '
'(_moving_)';

create function compile.next_name(name text, content text)
    returns text
    immutable
    parallel safe
    language sql
return compile.derived_name(format('_next_%s_%s', next_name.name, left(md5(content), 6)));

comment on function compile.next_name(text, text) is
'The name under which something is prepared until the version goes live; another content gives '
'another name, so what an earlier draft prepared is not taken for it';

create function compile.online_size()
    returns bigint
    stable
    language sql
return coalesce(nullif(current_setting('qryvanta.online_size', true), '')::bigint, 16777216);

comment on function compile.online_size() is
'From how many bytes on a table is changed online, in steps that lock nobody out; a smaller one is '
'changed at once, which takes less than the shortest wait (setting qryvanta.online_size)';

create function compile.found_table(model jsonb)
    returns table (
        schema_name text, found_name text, table_name text, table_id oid, element_id uuid,
        owner_name text, row_security boolean, force_row_security boolean, comment text,
        large boolean
    )
    stable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    with placed as materialized (
        select p.element_id, p.table_id
        from publish.placement p
        where p.app_id = (model -> 'app' ->> 'id')::uuid
            and p.column_no is null
            and not exists (
                select from compile.settled_table(model) s where s.table_id = p.kept_table_id
            )
    ),
    wanted as materialized (
        select e.entity_id, e.table_name
        from compile.entity(model) e
        where compile.in_scope(model, e.table_name)
    )
    select
        a.schema_name, a.table_name, w.table_name, a.table_id, p.element_id, a.owner_name,
        a.row_security, a.force_row_security, a.comment,
        pg_table_size(a.table_id) >= compile.online_size()
    from compile.actual_table a
    left join placed p on p.table_id = a.table_id
    left join wanted w
        on case
            when p.element_id is not null then w.entity_id = p.element_id
            -- A table that nobody published is taken for the entity of its name.
            else w.table_name = a.table_name
                and not exists (select from placed o where o.element_id = w.entity_id)
        end
    where a.schema_name = model -> 'app' ->> 'name'
        and not exists (select from compile.settled_table(model) s where s.table_id = a.table_id)
$$;

comment on function compile.found_table(jsonb) is
'The tables of an app''s schema: how they are called (found_name) and what the model calls them '
'(table_name, null for a table that the model does not ask for)';

create function compile.live_table(model jsonb)
    returns table (
        schema_name text, found_name text, table_name text, table_id oid, element_id uuid,
        owner_name text, row_security boolean, force_row_security boolean, comment text,
        large boolean
    )
    immutable
    rows 100
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select t.*
    from jsonb_to_recordset(model -> 'live_tables') as t (
        schema_name text, found_name text, table_name text, table_id oid, element_id uuid,
        owner_name text, row_security boolean, force_row_security boolean, comment text,
        large boolean
    )
$$;

comment on function compile.live_table(jsonb) is
'compile.found_table() as compile.situated() looked it up, once for all steps of a plan';

commit;
