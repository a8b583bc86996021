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
    p.app_id, p.element_id, p.part, p.schema_name, t.table_id, t.table_name, k.column_no,
    k.column_name, p.table_id as kept_table_id
from publish.place p
-- Looked up for each place by the indexes of the catalogue, whatever the planner expects: "offset
-- 0" keeps it from joining. The name tells; where it is gone, the number does, unless it is that
-- of something else.
cross join lateral (
    select c.oid as table_id, c.relname::text as table_name
    from pg_catalog.pg_class c
    where c.oid = coalesce(
        (
            select o.oid
            from pg_catalog.pg_class o
            where o.relnamespace = to_regnamespace(quote_ident(p.schema_name))
                and o.relname = p.table_name::name
                and o.relkind in ('r', 'p')
        ),
        (
            select o.oid
            from pg_catalog.pg_class o
            where o.oid = p.table_id
                and o.relnamespace = to_regnamespace(quote_ident(p.schema_name))
                and o.relkind in ('r', 'p')
                and not exists (
                    select
                    from publish.place other
                    where other.app_id = p.app_id and other.table_name = o.relname::text
                )
        )
    )
    offset 0
) t
left join lateral (
    select a.attnum as column_no, a.attname::text as column_name
    from pg_catalog.pg_attribute a
    where a.attrelid = t.table_id
        and a.attnum = coalesce(
            (
                select o.attnum
                from pg_catalog.pg_attribute o
                where o.attrelid = t.table_id
                    and o.attname = p.column_name::name
                    and not o.attisdropped
            ),
            (
                select o.attnum
                from pg_catalog.pg_attribute o
                where o.attrelid = t.table_id
                    and o.attnum = p.column_no
                    and not o.attisdropped
                    and not exists (
                        select
                        from publish.place other
                        where other.app_id = p.app_id
                            and other.table_name = p.table_name
                            and other.column_name = o.attname::text
                    )
            )
        )
    offset 0
) k on true
where p.column_name is null or k.column_no is not null;

comment on view publish.placement is 'The places as they are called now';

commit;
