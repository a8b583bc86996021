-- Deploy qryvanta:audit/history to pg
-- requires: audit/change publish/place
-- The history of one record, for whoever may see the record, with the columns that they may read.

begin;

set local role qryvanta_owner;

create function audit.asking_role()
    returns name
    stable
    language sql
    set search_path = pg_catalog, pg_temp
-- In a definer function current_user is the owner; the role that was set before it still stands
-- here.
return coalesce(nullif(current_setting('role'), 'none'), session_user)::name;

comment on function audit.asking_role() is 'The role on whose behalf a definer function was called';

create function audit.sees_record(relation regclass, row_id uuid)
    returns boolean
    stable
    language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
declare
    conditions text;
    seen boolean;
begin
    if not has_any_column_privilege(audit.asking_role(), relation, 'select') then
        return false;
    end if;
    -- As row security does: any policy for select of a role that the caller acts as.
    select string_agg('(' || pg_get_expr(p.polqual, p.polrelid) || ')', ' or ')
    into conditions
    from pg_catalog.pg_policy p
    where p.polrelid = relation
        and p.polcmd in ('r', '*')
        and exists (
            select
            from unnest(p.polroles) as r (role_id)
            where r.role_id <> 'qryvanta_owner'::regrole
                and pg_has_role(audit.asking_role(), r.role_id, 'usage')
        );
    execute format(
        'select exists (select from %s where tenant_id = tenancy.current_id() and id = $1 and (%s))',
        relation, coalesce(conditions, 'false')
    )
    into seen
    using row_id;
    return seen;
end
$$;

comment on function audit.sees_record(regclass, uuid) is
'Whether the caller of a definer function sees a record, by the policies of its table';

create function audit.readable(relation regclass, changed jsonb)
    returns jsonb
    stable
    language sql
    set search_path = pg_catalog, pg_temp
return (
    select jsonb_object_agg(c.key, c.value)
    from jsonb_each(changed) as c (key, value)
    join pg_catalog.pg_attribute a
        on a.attrelid = relation and a.attname = c.key and not a.attisdropped
    where has_column_privilege(audit.asking_role(), relation, a.attnum, 'select')
);

comment on function audit.readable(regclass, jsonb) is
'The part of changed columns that the caller of a definer function may read';

create function audit.history(relation regclass, row_id uuid, most integer default 100)
    returns table (
        at timestamptz, operation text, actor_id uuid, login text, source text, reason text,
        old_values jsonb, new_values jsonb
    )
    stable
    security definer
    language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
declare
    entity uuid := (
        select p.element_id
        from pg_catalog.pg_class c
        join publish.place p
            on p.schema_name = c.relnamespace::regnamespace::text
                and p.table_name = c.relname
                and p.column_name is null
        where c.oid = history.relation
    );
begin
    if not audit.sees_record(relation, row_id) then
        return;
    end if;
    return query
    select
        c.at, c.operation::text, c.actor_id, c.login::text, c.source, c.reason,
        audit.readable(history.relation, c.old_values),
        audit.readable(history.relation, c.new_values)
    from audit.change c
    where c.tenant_id = tenancy.current_id()
        and c.entity_id = entity
        and c.row_id = history.row_id
    order by c.at desc, c.change_id desc
    limit least(most, 1000);
end
$$;

comment on function audit.history(regclass, uuid, integer) is
'The changes of a record, newest first; nothing when the caller cannot see the record';

grant execute on function audit.history(regclass, uuid, integer) to qryvanta_app;

commit;
