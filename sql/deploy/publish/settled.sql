-- Deploy qryvanta:publish/settled to pg
-- requires: meta/app
-- Which tables are as they were published, without asking for every detail of them: the model that
-- a table follows from, and the rows of the catalogue that describe it, each as one number.

begin;

set local role qryvanta_owner;

create table publish.settled (
    app_id uuid not null,
    entity_id uuid not null,
    table_id oid not null,
    asked bigint not null,
    found bigint not null,
    functions text [] not null,

    constraint settled_pkey primary key (app_id, entity_id),
    constraint settled_app_id_fkey foreign key (app_id)
        references meta.app (app_id) on delete cascade
);

comment on table publish.settled is
'The tables that were as the model asks when it was last published or repaired';
comment on column publish.settled.asked is 'compile.asked_table() of then';
comment on column publish.settled.found is 'compile.table_state() of then';
comment on column publish.settled.functions is 'The trigger functions that belong to the table';

commit;
