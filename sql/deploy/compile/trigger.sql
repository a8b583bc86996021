-- Deploy qryvanta:compile/trigger to pg
-- requires: compile/audit_function compile/delete_function tenancy/stamp compile/search
-- requires: compile/rollup_function

begin;

set local role qryvanta_owner;

create function compile.desired_function(model jsonb)
    returns setof compile.definition
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select * from compile.audit_function(model)
    union all
    select * from compile.recycle_function(model)
    union all
    select * from compile.restore_function(model)
    union all
    select * from compile.unlink_function(model)
    union all
    select * from compile.search_function(model)
    union all
    select * from compile.rollup_function(model)
    union all
    select * from compile.hierarchy_function(model)
$$;

comment on function compile.desired_function(jsonb) is
'Functions that a model asks for: of triggers and of search';

create function compile.desired_trigger(model jsonb)
    returns setof compile.definition
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    -- The executor fills columns at publishing: that is no change of a record, the version tells it.
    select
        'trigger', e.schema_name, e.table_name,
        compile.derived_name(e.table_name || '_' || t.purpose),
        format(
            t.template, compile.derived_name(e.table_name || '_' || t.purpose), e.schema_name,
            e.table_name, e.entity_id, compile.stamp_condition(e.entity)
        ),
        null
    from compile.entity(model) e
    cross join lateral (values
        ('stamp', true, 'create trigger %1$I before update on %2$I.%3$I for each row %5$sexecute function tenancy.stamp()'),
        (
            'audit_insert', e.audited,
            'create trigger %1$I after insert on %2$I.%3$I referencing new table as new_rows for each statement '
            || 'when (current_user <> ''qryvanta_ddl'') execute function %2$I.%1$I(%4$L)'
        ),
        (
            'audit_update', e.audited,
            'create trigger %1$I after update on %2$I.%3$I referencing old table as old_rows new table as new_rows for each statement '
            || 'when (current_user <> ''qryvanta_ddl'') execute function %2$I.%1$I(%4$L)'
        ),
        (
            'audit_delete', e.audited,
            'create trigger %1$I after delete on %2$I.%3$I referencing old table as old_rows for each statement '
            || 'when (current_user <> ''qryvanta_ddl'') execute function %2$I.%1$I(%4$L)'
        ),
        (
            'audit_truncate', e.audited,
            'create trigger %1$I before truncate on %2$I.%3$I for each statement execute function audit.refuse()'
        ),
        (
            'recycle', e.recycled,
            'create trigger %1$I before delete on %2$I.%3$I for each row execute function %2$I.%1$I()'
        ),
        (
            'restore',
            exists (
                select
                from compile.restore_function(model) f
                where f.schema_name = e.schema_name and f.table_name = e.table_name
            ),
            'create trigger %1$I after update of deleted_at on %2$I.%3$I for each row when (old.deleted_at is not null and new.deleted_at is null) execute function %2$I.%1$I()'
        ),
        (
            'unlink',
            exists (
                select
                from compile.reference(model) r
                where r.schema_name = e.schema_name and r.table_name = e.table_name
                    and r.on_delete = 'clear'
            ),
            'create trigger %1$I before delete on %2$I.%3$I for each row execute function %2$I.%1$I()'
        )
    ) as t (purpose, wanted, template)
    where t.wanted
    union all
    select * from compile.desired_transition(model)
    union all
    select * from compile.rollup_trigger(model)
$$;

comment on function compile.desired_trigger(jsonb) is
'Triggers that a model asks for; by name the recycle trigger fires before the one that clears '
'lookups';

create view compile.actual_function as
select
    case p.pronargs when 0 then 'function' else 'search_function' end as kind,
    n.nspname as schema_name,
    ''::name as table_name,
    p.proname as name,
    pg_get_functiondef(p.oid) || ' owner ' || pg_get_userbyid(p.proowner) as deparsed,
    obj_description(p.oid, 'pg_proc') as comment
from pg_catalog.pg_proc p
join pg_catalog.pg_namespace n on n.oid = p.pronamespace
where p.prokind = 'f'
    and (p.pronargs = 0 or oidvectortypes(p.proargtypes) = 'tsquery, text');

comment on view compile.actual_function is
'The functions that are there, of triggers and of search; others are strays';

create view compile.actual_trigger as
select
    'trigger' as kind,
    n.nspname as schema_name,
    c.relname as table_name,
    t.tgname as name,
    pg_get_triggerdef(t.oid) || case t.tgenabled when 'O' then '' else ' disabled' end as deparsed,
    obj_description(t.oid, 'pg_trigger') as comment
from pg_catalog.pg_trigger t
join pg_catalog.pg_class c on c.oid = t.tgrelid
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where not t.tgisinternal;

comment on view compile.actual_trigger is 'The triggers that are there';

commit;
