-- Deploy qryvanta:publish/place to pg
-- requires: meta/app
-- Where the elements of a model live. An element is its id, a table or column is its number in the
-- catalogue; so a rename, by a builder or by a DBA, is a rename and never a drop and an add, and
-- what was set aside is found again when its element comes back.

begin;

set local role qryvanta_owner;

create table publish.place (
    app_id uuid not null,
    element_id uuid not null,
    part text not null default '',
    schema_name text not null,
    table_name text not null,
    column_name text,
    table_id oid not null,
    column_no smallint,

    constraint place_pkey primary key (app_id, element_id, part),
    constraint place_app_id_fkey foreign key (app_id)
        references meta.app (app_id) on delete cascade,
    constraint place_column_no_check check ((column_name is null) = (column_no is null))
);

create index place_table_name_idx on publish.place (app_id, table_name, column_name);

comment on table publish.place is
'The table of each entity and the columns of each field, as they were after the last publish';
comment on column publish.place.element_id is
'The entity or field; of a column of the platform the md5 of entity id and name';
comment on column publish.place.part is 'Tells the columns of one field apart, else empty';
comment on column publish.place.table_id is
'Its number in the catalogue; another one after a restore, where the names still hold';

create view publish.placement as
select
    p.app_id, p.element_id, p.part, c.relnamespace::regnamespace::name::text as schema_name,
    c.oid as table_id, c.relname::text as table_name, a.attnum as column_no,
    a.attname::text as column_name, p.table_id as kept_table_id
from publish.place p
join pg_catalog.pg_namespace n on n.nspname = p.schema_name
-- The name tells; where it is gone, the number does, unless it is that of something else.
left join pg_catalog.pg_class named
    on named.relnamespace = n.oid
        and named.relname = p.table_name::name
        and named.relkind in ('r', 'p')
left join pg_catalog.pg_class numbered
    on named.oid is null
        and numbered.oid = p.table_id
        and numbered.relnamespace = n.oid
        and numbered.relkind in ('r', 'p')
        and not exists (
            select
            from publish.place other
            where other.app_id = p.app_id and other.table_name = numbered.relname::text
        )
join pg_catalog.pg_class c on c.oid = coalesce(named.oid, numbered.oid)
left join pg_catalog.pg_attribute called
    on called.attrelid = c.oid
        and called.attname = p.column_name::name
        and not called.attisdropped
left join pg_catalog.pg_attribute counted
    on called.attnum is null
        and counted.attrelid = c.oid
        and counted.attnum = p.column_no
        and not counted.attisdropped
        and not exists (
            select
            from publish.place other
            where other.app_id = p.app_id
                and other.table_name = p.table_name
                and other.column_name = counted.attname::text
        )
left join pg_catalog.pg_attribute a
    on a.attrelid = c.oid and a.attnum = coalesce(called.attnum, counted.attnum)
where p.column_name is null or a.attnum is not null;

comment on view publish.placement is 'The places as they are called now';

commit;
