-- Deploy qryvanta:compile/delete_function to pg
-- requires: compile/constraint
-- What a delete does beside deleting: into the recycle bin, out of it, and clearing lookups.

begin;

set local role qryvanta_owner;

create function compile.reference(model jsonb)
    returns table (
        schema_name text, table_name text, child text, column_name text, on_delete text,
        constraint_name text, child_recycled boolean
    )
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select
        f.schema_name, f.target, f.table_name, f.column_name, f.field ->> 'on_delete',
        compile.foreign_key_name(f.table_name, f.name, f.part), e.recycled
    from compile.field_column(model) f
    join compile.entity(model) e using (schema_name, table_name)
    where f.field ->> 'type' = 'lookup'
$$;

comment on function compile.reference(jsonb) is
'The columns of lookups by the table that they point at';

create function compile.trigger_function(schema_name text, function_name text, body text)
    returns text
    immutable
    language sql
return format(
    $template$create or replace function %I.%I()
    returns trigger
    language plpgsql
    security definer
    set search_path = pg_catalog, pg_temp
as $trigger$
begin
%s
end
$trigger$$template$,
    trigger_function.schema_name, trigger_function.function_name, trigger_function.body
);

comment on function compile.trigger_function(text, text, text) is
'A trigger function around its body';

create function compile.recycle_body(schema_name text, table_name text, guards text, cascades text)
    returns text
    immutable
    language sql
return format(
    $template$    -- A row in the bin is deleted for good, and so is one whose parent is.
    if old.deleted_at is not null
        or (
            pg_trigger_depth() > 1
            and current_setting('qryvanta.recycling', true) is distinct from 'on'
        )
    then
        return old;
    end if;
%s    perform set_config('qryvanta.recycling', 'on', true);
%s    update %I.%I set deleted_at = now() where tenant_id = old.tenant_id and id = old.id;
    if pg_trigger_depth() = 1 then
        perform set_config('qryvanta.recycling', '', true);
    end if;
    return null;$template$,
    coalesce(guards, ''), coalesce(cascades, ''), recycle_body.schema_name, recycle_body.table_name
);

comment on function compile.recycle_body(text, text, text, text) is
'A delete that goes to the recycle bin: refused where a live record refers to it, taking its '
'parts along';

create function compile.recycle_function(model jsonb)
    returns setof compile.definition
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select
        'function', e.schema_name, e.table_name, compile.derived_name(e.table_name || '_recycle'),
        compile.trigger_function(
            e.schema_name, compile.derived_name(e.table_name || '_recycle'),
            compile.recycle_body(e.schema_name, e.table_name, r.guards, r.cascades)
        ),
        null
    from compile.entity(model) e
    left join lateral (
        select
            string_agg(
                format(
                    $guard$    if exists (
        select from %I.%I c where c.tenant_id = old.tenant_id and c.%I = old.id%s
    ) then
        raise exception 'a record of %s still refers to it'
            using errcode = '23503', schema = %L, table = %L, constraint = %L;
    end if;
$guard$,
                    r.schema_name, r.child, r.column_name,
                    case when r.child_recycled then ' and c.deleted_at is null' else '' end,
                    r.schema_name || '.' || r.child, r.schema_name, r.child, r.constraint_name
                ),
                '' order by r.child, r.column_name
            ) filter (where r.on_delete = 'restrict') as guards,
            string_agg(
                format(
                    E'    delete from %I.%I c where c.tenant_id = old.tenant_id and c.%I = old.id and c.deleted_at is null;\n',
                    r.schema_name, r.child, r.column_name
                ),
                '' order by r.child, r.column_name
            ) filter (where r.on_delete = 'cascade' and r.child_recycled) as cascades
        from compile.reference(model) r
        where r.schema_name = e.schema_name and r.table_name = e.table_name
    ) r on true
    where e.recycled
$$;

comment on function compile.recycle_function(jsonb) is 'The recycle functions of a model';

create function compile.restore_function(model jsonb)
    returns setof compile.definition
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select
        'function', e.schema_name, e.table_name, compile.derived_name(e.table_name || '_restore'),
        compile.trigger_function(
            e.schema_name, compile.derived_name(e.table_name || '_restore'),
            string_agg(
                format(
                    E'    -- What went to the bin together comes back together.\n    update %I.%I c set deleted_at = null\n    where c.tenant_id = old.tenant_id and c.%I = old.id and c.deleted_at = old.deleted_at;\n',
                    r.schema_name, r.child, r.column_name
                ),
                '' order by r.child, r.column_name
            )
            || '    return null;'
        ),
        null
    from compile.entity(model) e
    join compile.reference(model) r using (schema_name, table_name)
    where e.recycled and r.on_delete = 'cascade' and r.child_recycled
    group by e.schema_name, e.table_name
$$;

comment on function compile.restore_function(jsonb) is
'The functions that bring parts back with their whole';

create function compile.unlink_function(model jsonb)
    returns setof compile.definition
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select
        'function', r.schema_name, r.table_name, compile.derived_name(r.table_name || '_unlink'),
        compile.trigger_function(
            r.schema_name, compile.derived_name(r.table_name || '_unlink'),
            string_agg(
                format(
                    E'    update %I.%I c set %I = null where c.tenant_id = old.tenant_id and c.%3$I = old.id;\n',
                    r.schema_name, r.child, r.column_name
                ),
                '' order by r.child, r.column_name
            )
            || '    return old;'
        ),
        null
    from compile.reference(model) r
    where r.on_delete = 'clear'
    group by r.schema_name, r.table_name
$$;

comment on function compile.unlink_function(jsonb) is
'The functions that clear lookups to a deleted record';

commit;
