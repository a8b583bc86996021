-- Deploy qryvanta:publish/fill to pg
-- requires: roles

begin;

set local role qryvanta_owner;

create table publish.fill (
    table_id oid not null,
    statement text not null,
    last_tenant_id uuid,
    last_id uuid,
    rows_done bigint not null default 0,
    rows_total bigint not null,
    started_at timestamptz not null default clock_timestamp(),
    advanced_at timestamptz not null default clock_timestamp(),
    finished_at timestamptz,

    constraint fill_pkey primary key (table_id, statement)
);

comment on table publish.fill is
'How far the columns prepared on a large table are filled: where an interrupted step goes on';
comment on column publish.fill.last_id is 'The last record of last_tenant_id that is filled';
comment on column publish.fill.rows_total is 'An estimate';

commit;
