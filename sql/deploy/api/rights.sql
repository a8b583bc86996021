-- Deploy qryvanta:api/rights to pg
-- requires: roles
-- The server lists columns by name, because `*` fails where a role may not read all of them.

begin;

set local role qryvanta_owner;

create function api.rights(role text, schema_name text, table_name text)
    returns jsonb
    stable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select jsonb_build_object(
        'select', coalesce(
            jsonb_agg(a.attname order by a.attnum)
            filter (where has_column_privilege(r.oid, c.oid, a.attnum, 'select')), '[]'
        ),
        'insert', coalesce(
            jsonb_agg(a.attname order by a.attnum)
            filter (where has_column_privilege(r.oid, c.oid, a.attnum, 'insert')), '[]'
        ),
        'update', coalesce(
            jsonb_agg(a.attname order by a.attnum)
            filter (where has_column_privilege(r.oid, c.oid, a.attnum, 'update')), '[]'
        ),
        'delete', has_table_privilege(r.oid, c.oid, 'delete')
    )
    from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
    join pg_roles r on r.rolname = rights.role
    join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where n.nspname = rights.schema_name and c.relname = rights.table_name
    group by c.oid, r.oid
$$;

comment on function api.rights(text, text, text) is
'Names of the columns that a role may select, insert and update, and whether it may delete; null '
'for no table';

grant usage on schema api to qryvanta_gateway;
grant execute on function api.rights(text, text, text) to qryvanta_gateway;

commit;
