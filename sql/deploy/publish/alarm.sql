-- Deploy qryvanta:publish/alarm to pg
-- requires: publish/ddl_event compile/definition
-- What keeps tenants apart was switched off: it is switched on again at once, and somebody is told.

begin;

set local role qryvanta_owner;

create table publish.alarm (
    alarm_id uuid not null default tenancy.new_id(),
    at timestamptz not null default clock_timestamp(),
    kind text not null,
    target text not null,
    what text not null,
    login name,
    query text,
    repaired_at timestamptz,
    obstacle text,

    constraint alarm_pkey primary key (alarm_id),
    constraint alarm_repaired_at_check check (repaired_at >= at)
);

-- One alarm a fault, until it is mended.
create unique index alarm_open_key on publish.alarm (kind, target) where repaired_at is null;

comment on table publish.alarm is 'Row security that somebody switched off or weakened';
comment on column publish.alarm.login is 'Who did it, where an event trigger saw it';
comment on column publish.alarm.obstacle is 'Why it could not be mended here';

create function publish.row_security_fault()
    returns table (
        kind text, schema_name text, table_name text, name text, target text, what text
    )
    stable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    with published as (
        select distinct d.schema_name, d.table_name
        from publish.definition d
        join meta.app a on a.name = d.schema_name and a.published_version is not null
        where d.kind = 'policy'
    )
    select
        f.kind, p.schema_name, p.table_name, null::text,
        format('%I.%I', p.schema_name, p.table_name), f.what
    from published p
    join compile.actual_table t using (schema_name, table_name)
    cross join lateral (values
        ('row_security_off', not t.row_security, 'row security was switched off'),
        (
            'row_security_unforced', not t.force_row_security,
            'row security is no longer forced: its owner sees the rows of every tenant'
        ),
        (
            'owner_changed', t.owner_name <> 'qryvanta_owner',
            format('it belongs to %s, who can switch row security off', t.owner_name)
        )
    ) as f (kind, present, what)
    where f.present
    union all
    select
        case when a.name is null then 'policy_missing' when d.name is null then 'policy_foreign'
            else 'policy_changed' end,
        schema_name, table_name, name, format('%I on %I.%I', name, schema_name, table_name),
        case when a.name is null then 'the policy was dropped'
            when d.name is null then 'a policy lets through what nobody published: ' || a.deparsed
            else 'the policy was changed: ' || a.deparsed end
    from (
        select x.schema_name, x.table_name, x.name, x.deparsed
        from publish.definition x
        join published p using (schema_name, table_name)
        join compile.actual_table t using (schema_name, table_name)
        where x.kind = 'policy'
    ) d
    full join (
        select x.schema_name::text, x.table_name::text, x.name::text, x.deparsed
        from compile.actual_policy x
        join published p using (schema_name, table_name)
    ) a using (schema_name, table_name, name)
    where a.deparsed is distinct from d.deparsed
        -- A restrictive policy only takes away: that is drift, and no alarm.
        and not (d.name is null and a.deparsed like 'restrictive%')
    union all
    select
        'view_definer', n.nspname, c.relname, null, format('%I.%I', n.nspname, c.relname),
        format('a view shows its readers what %s sees', pg_get_userbyid(c.relowner))
    from pg_catalog.pg_class c
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    where c.relkind = 'v'
        and n.nspname in (select p.schema_name from published p)
        and not exists (
            select
            from pg_options_to_table(c.reloptions) o
            where o.option_name = 'security_invoker' and o.option_value::boolean
        )
$$;

comment on function publish.row_security_fault() is
'Where the row security of published tables is not as published, and views that go round it';

create function publish.restore_policy(schema_name text, table_name text, name text)
    returns void
    volatile
    language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
declare
    published publish.definition := (
        select d
        from publish.definition d
        where d.kind = 'policy' and d.schema_name = restore_policy.schema_name
            and d.table_name = restore_policy.table_name and d.name = restore_policy.name
    );
begin
    execute format('drop policy if exists %I on %I.%I', name, schema_name, table_name);
    if published is null then
        return;
    end if;
    -- The definition is ours: roles, and a condition of a closed list.
    execute format(
        'create policy %I on %I.%I %s', name, schema_name, table_name, published.definition
    );
    execute format(
        'comment on policy %I on %I.%I is %L', name, schema_name, table_name,
        (
            select w.comment
            from meta.app a
            cross join lateral compile.desired_policy(
                compile.resolved(publish.current_manifest(a.app_id))
            ) w
            where a.name = restore_policy.schema_name and w.table_name = restore_policy.table_name
                and w.name = restore_policy.name
        )
    );
end
$$;

comment on function publish.restore_policy(text, text, text) is
'Makes a policy as it was published; drops one that was not';

create function publish.mend(kind text, schema_name text, table_name text, name text)
    returns void
    volatile
    language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
begin
    if kind like 'policy%' then
        perform publish.restore_policy(schema_name, table_name, name);
    elsif kind like 'row_security%' then
        execute format(
            'alter table %I.%I enable row level security, force row level security', schema_name,
            table_name
        );
    else
        raise exception 'only an administrator can mend this: qryvanta drift --repair'
            using errcode = '42501';
    end if;
end
$$;

comment on function publish.mend(text, text, text, text) is
'Mends a fault of row security; raises where the owner of the tables cannot';

create function publish.restore_row_security()
    returns setof publish.alarm
    security definer
    volatile
    language plpgsql
    set search_path = pg_catalog, pg_temp
    set lock_timeout = '500ms'
as $$
declare
    began_at timestamptz := clock_timestamp();
    fault record;
begin
    -- While somebody publishes, what is there and what was published may differ.
    if not pg_try_advisory_xact_lock(hashtext('qryvanta.publish')) then
        return;
    end if;
    perform set_config('qryvanta.publish', 'on', true);
    for fault in select * from publish.row_security_fault() loop
        insert into publish.alarm as a (kind, target, what, login, query)
        select fault.kind, fault.target, fault.what, e.login, e.query
        from (select) nothing
        left join lateral (
            select d.login, d.query
            from publish.ddl_event d
            where d.object in (fault.target, format('%I.%I', fault.schema_name, fault.table_name))
                and not d.by_publisher
            order by d.ddl_event_id desc
            limit 1
        ) e on true
        on conflict (kind, target) where repaired_at is null do nothing;
        begin
            perform publish.mend(fault.kind, fault.schema_name, fault.table_name, fault.name);
        exception
            when others then
                update publish.alarm a set obstacle = sqlerrm
                where a.kind = fault.kind and a.target = fault.target and a.repaired_at is null;
        end;
    end loop;
    update publish.alarm a set repaired_at = clock_timestamp()
    where a.repaired_at is null
        and (a.kind, a.target) not in (
            select f.kind, f.target from publish.row_security_fault() f
        );
    return query
    select * from publish.alarm a
    where a.at >= began_at or a.repaired_at >= began_at
    order by a.at;
end
$$;

comment on function publish.restore_row_security() is
'Switches row security on again where it is not as published; the alarms that are new or over. '
'None while somebody publishes';

-- A worker may do this and nothing else with the structure.
grant execute on function publish.restore_row_security() to qryvanta_worker;

commit;
