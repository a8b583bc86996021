-- Deploy qryvanta:tenancy/counter to pg
-- requires: tenancy/current
-- Numbers that people read (INV-2026-00042): one counter a tenant and field, never the key.

begin;

set local role qryvanta_owner;

create table tenancy.counter (
    tenant_id uuid not null,
    field_id uuid not null,
    value bigint not null,

    constraint counter_pkey primary key (tenant_id, field_id),
    constraint counter_tenant_id_fkey foreign key (tenant_id)
        references tenancy.tenant (tenant_id) on delete cascade
);

comment on table tenancy.counter is 'The last number given for an autonumber field of a tenant';

create function tenancy.numbered(format text, value bigint)
    returns text
    stable
    language sql
    set search_path = pg_catalog, pg_temp
return (
    with dated as (
        select replace(replace(replace(replace(
            numbered.format,
            '{yyyy}', to_char(current_date, 'YYYY')), '{yy}', to_char(current_date, 'YY')),
            '{mm}', to_char(current_date, 'MM')), '{dd}', to_char(current_date, 'DD')) as text
    ),
    zeros as (select dated.text, substring(dated.text from '\{(0+)\}') as mask from dated)
    select replace(
        zeros.text, '{' || zeros.mask || '}',
        lpad(numbered.value::text, greatest(length(zeros.mask), length(numbered.value::text)), '0')
    )
    from zeros
);

comment on function tenancy.numbered(text, bigint) is
'A number in its format: {yyyy} {yy} {mm} {dd} are the date, {000} the number, padded with zeros';

create function tenancy.next_number(field_id uuid, format text)
    returns text
    volatile
    security definer
    language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
declare
    next_value bigint;
begin
    -- The row lock serialises the writers of one counter until they commit: no number twice.
    insert into tenancy.counter as c (tenant_id, field_id, value)
    values (tenancy.required_id(), next_number.field_id, 1)
    on conflict on constraint counter_pkey do update set value = c.value + 1
    returning c.value into next_value;
    return tenancy.numbered(next_number.format, next_value);
end
$$;

comment on function tenancy.next_number(uuid, text) is
'The next number of an autonumber field in the tenant of the transaction; raises 28000 without one';

grant execute on function tenancy.next_number(uuid, text) to qryvanta_app;

commit;
