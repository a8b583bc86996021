-- Deploy qryvanta:tenancy/hierarchy to pg
-- requires: tenancy/tenant

begin;

set local role qryvanta_owner;

create table tenancy.hierarchy (
    tenant_id uuid not null,
    entity_id uuid not null,
    moves bigint not null,

    constraint hierarchy_pkey primary key (tenant_id, entity_id),
    constraint hierarchy_tenant_id_fkey foreign key (tenant_id)
        references tenancy.tenant (tenant_id) on delete cascade
);

comment on table tenancy.hierarchy is
'How many records of a hierarchy were moved; the row is the lock of whoever moves one';

create function tenancy.lock_hierarchy(tenant_id uuid, entity_id uuid)
    returns void
    volatile
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    -- A row, no advisory lock: under repeatable read, where this transaction would not see what
    -- the one before it moved, PostgreSQL refuses the second with 40001.
    insert into tenancy.hierarchy as h (tenant_id, entity_id, moves)
    values (lock_hierarchy.tenant_id, lock_hierarchy.entity_id, 1)
    on conflict on constraint hierarchy_pkey do update set moves = h.moves + 1
$$;

comment on function tenancy.lock_hierarchy(uuid, uuid) is
'Waits until nobody else moves records of this hierarchy, and keeps others waiting until the end '
'of the transaction';

commit;
