-- Deploy qryvanta:publish/built to pg
-- requires: publish/fill
-- A thousand tables are more than one transaction can lock. They are built in several, where nobody
-- has a right to them yet; the last one gives the rights, and with it all of them go live at once.

begin;

set local role qryvanta_owner;

create table publish.built (
    app_id uuid not null,
    kind text not null,
    name text not null,
    publication_id uuid not null,

    constraint built_pkey primary key (app_id, kind, name),
    constraint built_kind_check check (kind in ('role', 'schema', 'table', 'function'))
);

comment on table publish.built is
'What a publication has built that is not live yet; taken away again when it never goes live';
comment on column publish.built.name is 'Of a table or function with its schema';

commit;
