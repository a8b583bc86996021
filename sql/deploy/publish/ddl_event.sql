-- Deploy qryvanta:publish/ddl_event to pg
-- requires: publish/app
-- Who changed the structure of the database, and how. An error in an event trigger would end the
-- statement that fired it, and a DBA's statement is never ours to end: whatever goes wrong here
-- becomes a warning, and nothing is waited for.

begin;

set local role qryvanta_owner;

create table publish.ddl_event (
    ddl_event_id bigint not null generated always as identity,
    at timestamptz not null default clock_timestamp(),
    login name not null,
    program text not null,
    tag text not null,
    schema_name text,
    object text,
    by_publisher boolean not null,
    query text not null,

    constraint ddl_event_pkey primary key (ddl_event_id)
);

create index ddl_event_object_idx on publish.ddl_event (object, ddl_event_id);

comment on table publish.ddl_event is
'Statements that changed objects of the apps and of the platform, by whomever';
comment on column publish.ddl_event.object is
'As PostgreSQL names it; null for GRANT and REVOKE, of which it tells no object';
comment on column publish.ddl_event.by_publisher is
'The statement said that it is the publisher''s (qryvanta.publish). A hint: anybody can say so';
comment on column publish.ddl_event.query is
'What the client sent, at most 1000 characters, without passwords';

create function publish.watched_schema(schema_name text)
    returns boolean
    stable
    language sql
    set search_path = pg_catalog, pg_temp
return schema_name in (
    'tenancy', 'identity', 'meta', 'compile', 'publish', 'audit', 'queue', 'api', 'lint'
) or exists (select from meta.app a where a.name = watched_schema.schema_name);

comment on function publish.watched_schema(text) is 'Whether a schema is an app''s or ours';

create function publish.record_ddl(tag text, schema_name text, object text)
    returns void
    volatile
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    insert into publish.ddl_event
        (login, program, tag, schema_name, object, by_publisher, query)
    select
        session_user, current_setting('application_name'), record_ddl.tag, record_ddl.schema_name,
        record_ddl.object, coalesce(current_setting('qryvanta.publish', true) = 'on', false),
        left(
            regexp_replace(current_query(), 'password\s+(''[^'']*''|\$\S*)', 'password …', 'gi'),
            1000
        );

    -- Where transactions can be prepared, one that notifies could not; the worker looks by itself.
    select pg_notify('qryvanta_ddl', '')
    where current_setting('max_prepared_transactions')::integer = 0;

    select set_config('qryvanta.ddl_recorded', 'on', true)
$$;

comment on function publish.record_ddl(text, text, text) is
'Keeps that a statement changed an object, and wakes the worker';

create function publish.is_known_publisher()
    returns boolean
    stable
    language sql
    set search_path = pg_catalog, pg_temp
return coalesce(current_setting('qryvanta.publish', true) = 'on', false)
    and coalesce(current_setting('qryvanta.ddl_recorded', true) = 'on', false);

comment on function publish.is_known_publisher() is
'Whether this transaction says that it publishes and has its line already: its steps are kept in '
'publish.step, and one line a statement would slow each of them down';

create function publish.on_ddl()
    returns event_trigger
    security definer
    language plpgsql
    set search_path = pg_catalog, pg_temp
    set lock_timeout = '100ms'
as $$
declare
    command record;
begin
    if publish.is_known_publisher() then
        return;
    end if;
    for command in
        select
            c.command_tag, c.object_identity,
            coalesce(c.schema_name, a.object_names[1]) as schema_name
        from pg_event_trigger_ddl_commands() c
        left join lateral pg_identify_object_as_address(c.classid, c.objid, c.objsubid) a
            on c.objid is not null
        where not c.in_extension
    loop
        if command.schema_name is null or publish.watched_schema(command.schema_name) then
            perform publish.record_ddl(
                command.command_tag, command.schema_name, command.object_identity
            );
        end if;
    end loop;
exception
    when others then
        raise warning 'the change of an object was not recorded: %', sqlerrm;
end
$$;

comment on function publish.on_ddl() is 'Event trigger: a statement made or changed objects';

create function publish.on_drop()
    returns event_trigger
    security definer
    language plpgsql
    set search_path = pg_catalog, pg_temp
    set lock_timeout = '100ms'
as $$
declare
    dropped record;
begin
    if publish.is_known_publisher() then
        return;
    end if;
    for dropped in
        select
            'DROP ' || upper(d.object_type) as tag, d.object_identity,
            coalesce(d.schema_name, d.address_names[1]) as schema_name
        from pg_event_trigger_dropped_objects() d
        -- With a table go its columns, indexes and policies: the table alone is worth a line.
        where (d.original or d.object_type = 'table column') and not d.is_temporary
    loop
        if publish.watched_schema(dropped.schema_name) then
            perform publish.record_ddl(dropped.tag, dropped.schema_name, dropped.object_identity);
        end if;
    end loop;
exception
    when others then
        raise warning 'the drop of an object was not recorded: %', sqlerrm;
end
$$;

comment on function publish.on_drop() is 'Event trigger: a statement dropped objects';

create function publish.watches_ddl()
    returns boolean
    stable
    language sql
    set search_path = pg_catalog, pg_temp
return (
    select count(*) = 2
    from pg_catalog.pg_event_trigger e
    where e.evtname in ('qryvanta_ddl', 'qryvanta_drop') and e.evtenabled in ('O', 'A')
);

comment on function publish.watches_ddl() is 'Whether the event triggers are there and enabled';

create function publish.watch_ddl()
    returns void
    volatile
    language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
begin
    drop event trigger if exists qryvanta_ddl;
    drop event trigger if exists qryvanta_drop;
    create event trigger qryvanta_ddl on ddl_command_end execute function publish.on_ddl();
    create event trigger qryvanta_drop on sql_drop execute function publish.on_drop();
    comment on event trigger qryvanta_ddl is 'Records who changed an object: publish.ddl_event';
    comment on event trigger qryvanta_drop is 'Records who dropped an object: publish.ddl_event';
end
$$;

comment on function publish.watch_ddl() is
'Makes the event triggers, new or again; raises 42501 for anybody but a superuser';

create function publish.forget_ddl_events()
    returns void
    security definer
    volatile
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    delete from publish.ddl_event where at < now() - interval '1 year'
$$;

comment on function publish.forget_ddl_events() is 'Deletes what is older than a year';

-- Housekeeping is the worker's.
grant usage on schema publish to qryvanta_worker;
grant execute on function publish.forget_ddl_events() to qryvanta_worker;

reset role;

do $$
begin
    -- Without a superuser drift is still found, but not who caused it; qryvanta doctor says so.
    if (select r.rolsuper from pg_catalog.pg_roles r where r.rolname = current_user) then
        perform publish.watch_ddl();
    end if;
end
$$;

commit;
