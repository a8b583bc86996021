-- Deploy qryvanta:publish/quarantine to pg
-- requires: publish/app
-- What was dropped keeps its data under a name of its own (_dropped_…) until somebody purges it.

begin;

set local role qryvanta_owner;

create view publish.dropped as
select
    p.app_id,
    p.schema_name,
    c.relname::text as table_name,
    a.attname::text as column_name,
    c.oid as table_id,
    k.element_id,
    coalesce(a.attname, c.relname)::text as set_aside_as,
    to_timestamp(
        substring(coalesce(a.attname, c.relname) from '\d{17}$'), 'YYYYMMDDHH24MISSMS'
    ) at time zone 'UTC' at time zone current_setting('timezone') as dropped_at,
    greatest(c.reltuples, 0)::bigint as estimated_rows
from (select distinct x.app_id, x.schema_name from publish.place x) p
join pg_catalog.pg_class c
    on c.relnamespace = to_regnamespace(quote_ident(p.schema_name)) and c.relkind in ('r', 'p')
left join pg_catalog.pg_attribute a
    on a.attrelid = c.oid
        and c.relname not like '\_dropped\_%'
        and a.attname like '\_dropped\_%'
        and a.attnum > 0
        and not a.attisdropped
left join publish.place k
    on k.app_id = p.app_id and k.table_id = c.oid and k.column_no is not distinct from a.attnum
where c.relname like '\_dropped\_%' or a.attname is not null;

comment on view publish.dropped is
'Tables and columns that were dropped and keep their data, with the element that they were';
comment on column publish.dropped.element_id is
'The entity or field; null when a column of another type took its place';

create function publish.purge(app_id uuid, older_than interval)
    returns table (target text, statement text)
    volatile
    language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
declare
    administrator text := current_setting('role');
    gone record;
begin
    perform set_config('qryvanta.publish', 'on', true);
    perform set_config('lock_timeout', '500ms', true);
    for gone in
        select d.*
        from publish.dropped d
        where d.app_id = purge.app_id and d.dropped_at <= now() - purge.older_than
        order by d.table_name, d.column_name
    loop
        target := concat_ws('.', gone.schema_name, gone.table_name, gone.column_name);
        statement := case
            when gone.column_name is null
                then format('drop table %I.%I', gone.schema_name, gone.table_name)
            else format(
                'alter table %I.%I drop column %I', gone.schema_name, gone.table_name,
                gone.column_name
            )
        end;
        perform publish.become('executor', administrator);
        -- A file whose field is gone belongs to nobody.
        update storage.file f
        set released_at = now()
        where f.field_id = gone.element_id and f.released_at is null;
        execute statement;
        perform publish.become('administrator', administrator);
        delete from publish.place p
        where p.app_id = purge.app_id and p.table_id = gone.table_id
            and (gone.column_name is null or p.column_name = gone.column_name);
        return next;
    end loop;
end
$$;

comment on function publish.purge(uuid, interval) is
'Drops for good what was dropped longer ago than that; what ran. Raises 55P03 when a table stays '
'locked, 2BP01 when something of somebody else depends on it';

create function publish.recovered(app_id uuid, element_id uuid)
    returns jsonb
    stable
    language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
declare
    draft jsonb := meta.manifest(recovered.app_id);
    source jsonb;
    entity jsonb;
    relation jsonb;
    field jsonb;
begin
    -- As it was in the last version that had it.
    select v.manifest into source
    from publish.version v
    where v.app_id = recovered.app_id
        and jsonb_path_exists(
            v.manifest, '$.*[*] ? (@.id == $id || @.fields[*].id == $id)',
            jsonb_build_object('id', recovered.element_id)
        )
    order by v.number desc
    limit 1;
    entity := jsonb_path_query_first(
        source, '$.entities[*] ? (@.id == $id)', jsonb_build_object('id', recovered.element_id)
    );
    if entity is not null then
        return draft || jsonb_build_object('entities', draft -> 'entities' || entity);
    end if;
    relation := jsonb_path_query_first(
        source, '$.relations[*] ? (@.id == $id)', jsonb_build_object('id', recovered.element_id)
    );
    if relation is not null then
        return draft || jsonb_build_object(
            'relations', coalesce(draft -> 'relations', '[]') || relation
        );
    end if;
    field := jsonb_path_query_first(
        source, '$.entities[*].fields[*] ? (@.id == $id)',
        jsonb_build_object('id', recovered.element_id)
    );
    return draft || jsonb_build_object(
        'entities',
        (
            select jsonb_agg(
                case
                    when e.entity ->> 'id' = o.entity ->> 'id'
                        then e.entity
                        || jsonb_build_object('fields', e.entity -> 'fields' || field)
                    else e.entity
                end
                order by e.place
            )
            from jsonb_array_elements(draft -> 'entities') with ordinality as e (entity, place)
            cross join (
                select jsonb_path_query_first(
                    source, '$.entities[*] ? (@.fields[*].id == $id)',
                    jsonb_build_object('id', recovered.element_id)
                ) as entity
            ) o
        )
    );
end
$$;

comment on function publish.recovered(uuid, uuid) is
'The draft of an app with a dropped entity, relation or field in it again, as last published; '
'publishing it brings the data back';

commit;
