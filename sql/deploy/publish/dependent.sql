-- Deploy qryvanta:publish/dependent to pg
-- requires: publish/incompatibility publish/history publish/definition
-- Views, functions and foreign keys that others made over our tables: PostgreSQL knows them by
-- their columns, and refuses to change those in the middle of a publish. We ask before.

begin;

set local role qryvanta_owner;

create view publish.dependent as
select
    d.refobjid as table_id,
    d.refobjsubid as column_no,
    case c.relkind when 'm' then 'materialized view' else 'view' end as kind,
    c.oid::regclass::text as object,
    pg_get_userbyid(c.relowner)::text as owner,
    pg_get_viewdef(c.oid) as definition
from pg_catalog.pg_depend d
join pg_catalog.pg_rewrite r on r.oid = d.objid
join pg_catalog.pg_class c on c.oid = r.ev_class
where d.classid = 'pg_catalog.pg_rewrite'::regclass
    and d.refclassid = 'pg_catalog.pg_class'::regclass
    and d.refobjid <> r.ev_class
    and c.relkind in ('v', 'm')
    -- A hierarchy's view is ours: it goes and comes with its table.
    and not exists (
        select
        from publish.definition k
        join pg_catalog.pg_namespace n on n.nspname = k.schema_name
        where k.kind = 'view' and k.name = c.relname and n.oid = c.relnamespace
    )
union all
select
    d.refobjid, d.refobjsubid, 'function', p.oid::regprocedure::text,
    pg_get_userbyid(p.proowner)::text, pg_get_functiondef(p.oid)
from pg_catalog.pg_depend d
join pg_catalog.pg_proc p on p.oid = d.objid
where d.classid = 'pg_catalog.pg_proc'::regclass
    and d.refclassid = 'pg_catalog.pg_class'::regclass
union all
select
    k.confrelid, n.column_no, 'foreign key',
    format('%s on %s', k.conname, k.conrelid::regclass), pg_get_userbyid(c.relowner)::text,
    pg_get_constraintdef(k.oid)
from pg_catalog.pg_constraint k
join pg_catalog.pg_class c on c.oid = k.conrelid
join pg_catalog.pg_class t on t.oid = k.confrelid
cross join lateral unnest(k.confkey) as n (column_no)
where k.contype = 'f' and c.relnamespace <> t.relnamespace;

comment on view publish.dependent is
'What depends on a column of a table (0: on the table) and is no part of an app: views, functions '
'with a body in SQL, foreign keys from other schemas';

create function publish.changing(old_model jsonb, new_model jsonb)
    returns table (table_id oid, column_no smallint, path text, change text)
    stable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    with wanted as materialized (
        select e.entity_id, c.field_id, compile.part_of(new_model, c.part, c.target) as part,
            c.sql_type,
            c.field ->> 'formula_sql' as formula_sql
        from compile.entity(new_model) e
        left join compile.field_column(new_model) c using (table_name)
    )

    select
        t.oid, null::smallint, 'entities/' || e.table_name, 'removed'
    from compile.entity(old_model) e
    join pg_catalog.pg_class t on t.oid = to_regclass(format('%I.%I', schema_name, table_name))
    where not exists (select from wanted w where w.entity_id = e.entity_id)
    union all
    select
        a.attrelid, a.attnum, format('entities/%s/fields/%s', g.table_name, g.name), g.change
    from (
        -- Looked up in the catalogue only where something changes.
        select
            c.schema_name, c.table_name, c.column_name, c.name,
            case when w.field_id is null then 'removed' else 'made anew' end as change
        from compile.field_column(old_model) c
        join compile.entity(old_model) e using (schema_name, table_name)
        left join wanted w
            on w.entity_id = e.entity_id and w.field_id = c.field_id
                and w.part = compile.part_of(old_model, c.part, c.target)
        where exists (select from wanted x where x.entity_id = e.entity_id)
            and (
                w.field_id is null
                or w.sql_type <> c.sql_type
                or w.formula_sql is distinct from c.field ->> 'formula_sql'
            )
        offset 0
    ) g
    join pg_catalog.pg_attribute a
        on a.attrelid = to_regclass(format('%I.%I', g.schema_name, g.table_name))
            and a.attname = g.column_name and not a.attisdropped
$$;

comment on function publish.changing(jsonb, jsonb) is
'The tables and columns that a new model removes or makes anew; a column_no of null is the table';

create function publish.obstacle(old_model jsonb, new_model jsonb)
    returns table (
        path text, kind text, sentence text, object text, owner text, definition text, remedy text
    )
    stable
    language plpgsql
    set search_path = pg_catalog, pg_temp
    set jit = off
    set plan_cache_mode = force_generic_plan
as $$
declare
    -- A copy in memory: what comes from a table would be unpacked again for each look into it.
    before jsonb := old_model || '{}';
begin
    return query
    select distinct
        c.path, 'depends',
        format('%s is %s, but %s %s of %s depends on it', c.path, c.change, d.kind, d.object, d.owner),
        d.object, d.owner, d.definition,
        case d.kind
            when 'foreign key' then 'drop the foreign key, publish, and make it again where it fits'
            else format('drop %s %s, publish, and create it anew as it fits', d.kind, d.object)
        end
    from publish.changing(before, new_model) c
    -- Definitions are spelled for what changes only, not for every view of the database.
    cross join lateral (
        select x.*
        from publish.dependent x
        where x.table_id = c.table_id and (c.column_no is null or x.column_no = c.column_no)
        offset 0
    ) d;
end
$$;

comment on function publish.obstacle(jsonb, jsonb) is
'What others made over columns that would be removed or made anew: publishing is refused as long '
'as it is there';

create function publish.current_model(app_id uuid)
    returns jsonb
    stable
    language sql
    set search_path = pg_catalog, pg_temp
return (
    select publish.unpacked(v.model)
    from meta.app a
    join publish.version v on v.app_id = a.app_id and v.number = a.published_version
    where a.app_id = current_model.app_id
);

comment on function publish.current_model(uuid) is
'The model of the version in force; null before the first publish';

create function publish.breaks(app_id uuid)
    returns table (
        path text, kind text, sentence text, refused boolean, object text, owner text,
        definition text, remedy text
    )
    stable
    language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
declare
    old_model jsonb := publish.current_model(breaks.app_id);
    new_model jsonb := compile.resolved(meta.manifest(breaks.app_id));
begin
    if old_model is null then
        return;
    end if;
    return query
    select b.path, b.kind, b.sentence, false, null::text, null::text, null::text, null::text
    from publish.incompatibility(old_model, new_model) b
    union all
    select o.path, o.kind, o.sentence, true, o.object, o.owner, o.definition, o.remedy
    from publish.obstacle(old_model, new_model) o;
end
$$;

comment on function publish.breaks(uuid) is
'What publishing the draft would break; refused: it cannot be published as long as this is so';

create function publish.refuse_obstacles(app_id uuid, model jsonb)
    returns void
    stable
    language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
declare
    found_obstacle record;
begin
    select
        string_agg(distinct o.sentence, '; ') as sentences, string_agg(distinct o.remedy, '; ') as remedies
    into found_obstacle
    from publish.obstacle(
        publish.current_model(refuse_obstacles.app_id), refuse_obstacles.model
    ) o;
    if found_obstacle.sentences is not null then
        raise exception '%', found_obstacle.sentences
            using errcode = 'QP005', hint = found_obstacle.remedies;
    end if;
end
$$;

comment on function publish.refuse_obstacles(uuid, jsonb) is
'Raises QP005 with every view, function and foreign key that stands in the way of a model, and '
'the remedy as the hint';

commit;
