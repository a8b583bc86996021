-- Deploy qryvanta:compile/default to pg
-- requires: compile/column

begin;

set local role qryvanta_owner;

create function compile.desired_default(model jsonb)
    returns setof compile.definition
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select
        case when d.formula_sql is null then 'default' else 'formula' end, d.schema_name, d.table_name,
        d.column_name, coalesce(d.formula_sql, d.default_sql), null
    from compile.desired_column(model) d
    where coalesce(d.formula_sql, d.default_sql) is not null
$$;

comment on function compile.desired_default(jsonb) is 'Defaults and formulas that a model asks for';

create view compile.actual_default as
select
    case when a.attgenerated = '' then 'default' else 'formula' end as kind,
    n.nspname as schema_name,
    c.relname as table_name,
    a.attname as name,
    pg_get_expr(d.adbin, d.adrelid) as deparsed,
    null::text as comment
from pg_catalog.pg_attrdef d
join pg_catalog.pg_attribute a on a.attrelid = d.adrelid and a.attnum = d.adnum
join pg_catalog.pg_class c on c.oid = d.adrelid
join pg_catalog.pg_namespace n on n.oid = c.relnamespace;

comment on view compile.actual_default is 'The defaults and generation expressions that are there';

commit;
