-- Deploy qryvanta:compile/hierarchy to pg
-- requires: compile/table tenancy/hierarchy
-- A hierarchy: a self-lookup in which no record is above itself, for whoever writes.

begin;

set local role qryvanta_owner;

create function compile.hierarchy(model jsonb)
    returns table (
        schema_name text, table_name text, entity_id uuid, column_name text, field_name text,
        place bigint, label text, view_name text, function_name text, circle_name text,
        depth_name text
    )
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select
        e.schema_name, e.table_name, e.entity_id, f.column_name, f.name, f.place,
        e.entity ->> 'label', compile.derived_name(e.table_name || '_hierarchy'),
        compile.derived_name(e.table_name || '_hierarchy'),
        compile.derived_name(format('%s_%s_hierarchy_check', e.table_name, f.name)),
        compile.derived_name(format('%s_%s_depth_check', e.table_name, f.name))
    from compile.entity(model) e
    join compile.field(model) f using (schema_name, table_name)
    where f.name = e.entity ->> 'hierarchy'
$$;

comment on function compile.hierarchy(jsonb) is
'The hierarchies that a model asks for, with the names of what enforces them';

create function compile.hierarchy_rule(model jsonb)
    returns table (
        table_name text, place bigint, name text, field_name text, rule text, message text
    )
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select h.table_name, h.place, r.name, h.field_name, r.rule, r.message
    from compile.hierarchy(model) h
    cross join lateral (values
        (h.circle_name, 'hierarchy', format('%s cannot be below itself', h.label)),
        (h.depth_name, 'depth', format('%s cannot be more than 100 levels deep', h.label))
    ) as r (name, rule, message)
$$;

comment on function compile.hierarchy_rule(jsonb) is
'What a hierarchy refuses, under the name that the error carries as its constraint';

create function compile.hierarchy_function(model jsonb)
    returns setof compile.definition
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
as $sql$
    select 'function', h.schema_name, h.table_name, h.function_name, format(
        $template$create or replace function %1$I.%2$I()
    returns trigger
    language plpgsql
    security definer
    set search_path = pg_catalog, pg_temp
as $trigger$
declare
    circular boolean;
    levels_above integer;
    levels_below integer := 0;
begin
    -- Who has no tenant sees no record, and so would see no circle.
    if tenancy.current_id() is distinct from new.tenant_id then
        raise exception 'no tenant in this transaction' using errcode = '28000';
    end if;
    -- Of two that move at the same time the second must see what the first did. What is new has
    -- nothing below it that another could move.
    if tg_op = 'UPDATE' then
        perform tenancy.lock_hierarchy(new.tenant_id, %4$L::uuid);
        with recursive below (id, level) as (
            select new.id, 0
            union all
            select c.id, b.level + 1
            from below b
            join %1$I.%3$I c on c.tenant_id = new.tenant_id and c.%5$I = b.id
            where c.id <> new.id and b.level <= 100
        )
        select max(b.level) into levels_below from below b;
    end if;
    with recursive above (id, level) as (
        select new.%5$I, 1
        union all
        select p.%5$I, a.level + 1
        from above a
        join %1$I.%3$I p on p.tenant_id = new.tenant_id and p.id = a.id
        where p.%5$I is not null and a.id <> new.id and a.level <= 100
    )
    select bool_or(a.id = new.id), max(a.level) into circular, levels_above from above a;
    if circular then
        raise exception using
            message = %6$L, errcode = '23514', schema = %1$L, table = %3$L, constraint = %7$L;
    elsif levels_above + levels_below > 100 then
        raise exception using
            message = %8$L, errcode = '23514', schema = %1$L, table = %3$L, constraint = %9$L;
    end if;
    return null;
end
$trigger$$template$,
        h.schema_name, h.function_name, h.table_name, h.entity_id, h.column_name,
        circle.message, h.circle_name, deep.message, h.depth_name
    ), null
    from compile.hierarchy(model) h
    join compile.hierarchy_rule(model) circle on circle.name = h.circle_name
    join compile.hierarchy_rule(model) deep on deep.name = h.depth_name
$sql$;

comment on function compile.hierarchy_function(jsonb) is
'The functions that refuse a record below itself';

create function compile.hierarchy_trigger(model jsonb)
    returns setof compile.definition
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    -- After the statement, so that it may move many at once; and only for what it moved.
    select
        'trigger', h.schema_name, h.table_name,
        compile.derived_name(format('%s_%s_hierarchy_%s', h.table_name, h.field_name, t.verb)),
        format(
            t.template, compile.derived_name(format('%s_%s_hierarchy_%s', h.table_name, h.field_name, t.verb)),
            h.schema_name, h.table_name, h.column_name, h.function_name
        ),
        null
    from compile.hierarchy(model) h
    cross join lateral (values
        (
            'insert',
            'create trigger %1$I after insert on %2$I.%3$I for each row when (new.%4$I is not null) execute function %2$I.%5$I()'
        ),
        (
            'update',
            'create trigger %1$I after update on %2$I.%3$I for each row when (new.%4$I is not null and new.%4$I is distinct from old.%4$I) execute function %2$I.%5$I()'
        )
    ) as t (verb, template)
$$;

comment on function compile.hierarchy_trigger(jsonb) is
'The triggers that ask whether a record came below itself';

create function compile.hierarchy_view(model jsonb)
    returns setof compile.definition
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select
        'view', h.schema_name, h.table_name, h.view_name,
        format(
            $template$with recursive above (tenant_id, ancestor_id, id, depth) as (
    select r.tenant_id, r.id, r.id, 0
    from %1$I.%2$I r
    union all
    select a.tenant_id, p.%3$I, a.id, a.depth + 1
    from above a
    join %1$I.%2$I p on p.tenant_id = a.tenant_id and p.id = a.ancestor_id
    where p.%3$I is not null and a.depth < 100
)
select a.tenant_id, a.ancestor_id, a.id, a.depth
from above a$template$,
            h.schema_name, h.table_name, h.column_name
        ),
        format(
            '%s by whom they are below: each with itself (depth 0) and all above it',
            e.entity ->> 'plural'
        )
    from compile.hierarchy(model) h
    join compile.entity(model) e using (schema_name, table_name)
$$;

comment on function compile.hierarchy_view(jsonb) is
'A view for each hierarchy that joins records with all that is below them';

create function compile.hierarchy_definition(model jsonb)
    returns setof compile.definition
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select * from compile.hierarchy_trigger(model)
    union all
    select * from compile.hierarchy_view(model)
$$;

comment on function compile.hierarchy_definition(jsonb) is
'Triggers and views of the hierarchies of a model';

create view compile.actual_view as
select
    'view' as kind,
    n.nspname as schema_name,
    t.relname as table_name,
    c.relname as name,
    format(
        '%s with (%s) owner %s', pg_get_viewdef(c.oid), array_to_string(c.reloptions, ', '),
        pg_get_userbyid(c.relowner)
    ) as deparsed,
    obj_description(c.oid, 'pg_class') as comment
from pg_catalog.pg_class c
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
join pg_catalog.pg_rewrite r on r.ev_class = c.oid
cross join lateral (
    select distinct d.refobjid as table_id
    from pg_catalog.pg_depend d
    where d.classid = 'pg_catalog.pg_rewrite'::regclass and d.objid = r.oid
        and d.refclassid = 'pg_catalog.pg_class'::regclass and d.refobjid <> c.oid
) d
join pg_catalog.pg_class t on t.oid = d.table_id
where c.relkind = 'v';

comment on view compile.actual_view is 'The views that are there, each with the table it shows';

create function compile.hierarchy_step(model jsonb)
    returns setof compile.step
    stable
    language sql
    set search_path = pg_catalog, pg_temp
as $sql$
    -- Triggers look at what is written; what stands in a table before them is counted once.
    select
        'transactional', 73, 'check_hierarchy',
        format('%s.%s.%s', h.schema_name, h.table_name, h.column_name),
        format(
            $template$do $check$
begin
    if exists (
        with recursive reached (tenant_id, id, level) as (
            select r.tenant_id, r.id, 0
            from %1$I.%2$I r
            where r.%3$I is null
            union all
            select c.tenant_id, c.id, r.level + 1
            from reached r
            join %1$I.%2$I c on c.tenant_id = r.tenant_id and c.%3$I = r.id
            where r.level < 100
        )
        select
        having (select count(*) from reached) <> (select count(*) from %1$I.%2$I)
    ) then
        raise exception using
            message = %4$L, errcode = '23514', schema = %1$L, table = %2$L, constraint = %5$L;
    end if;
end
$check$$template$,
            h.schema_name, h.table_name, h.column_name,
            format('%s has records that are below themselves, or more than 100 levels', h.label),
            h.circle_name
        ),
        'scans', 'the records that are there must be a hierarchy', 'executor'
    from compile.hierarchy(model) h
    join compile.live_table(model) t using (table_name)
    where not exists (
        select
        from pg_catalog.pg_trigger g
        where g.tgrelid = t.table_id
            and g.tgname
            = compile.derived_name(format('%s_%s_hierarchy_update', h.table_name, h.field_name))
    )
$sql$;

comment on function compile.hierarchy_step(jsonb) is
'The question, where a hierarchy is new, whether the records are one';

commit;
