-- Deploy qryvanta:lint/key_tenantless to pg
-- requires: lint/subject
-- A key across tenants is an oracle: a duplicate tells that another tenant has the value. A
-- reference without the tenant points into another tenant.

begin;

set local role qryvanta_owner;

create view lint.key_tenantless as
select
    'key_tenantless' as name,
    'A key does not start with the tenant' as title,
    'fault' as level,
    k.object as object,
    'it spans all tenants' as detail,
    'qryvanta drift --repair' as remediation
from (
    select
        format('%s constraint %I', r.object, c.conname) as object, c.conrelid as relation_id,
        c.conkey[1] as place
    from lint.relation() r
    join pg_catalog.pg_constraint c on c.conrelid = r.relation_id
    where r.of_app
        and (
            c.contype in ('p', 'u')
            -- Without btree_gist the tenant is two ranges of 64 bits (compile.overlap).
            or c.contype = 'x'
            and (
                pg_get_indexdef(c.conindid, 1, false) <> 'tenancy.key_high(tenant_id)'
                or pg_get_indexdef(c.conindid, 2, false) <> 'tenancy.key_low(tenant_id)'
            )
            or c.contype = 'f'
            -- A list that all tenants share has no tenant to refer to.
            and exists (
                select
                from pg_catalog.pg_attribute t
                where t.attrelid = c.confrelid and t.attname = 'tenant_id'
            )
        )
    union all
    select format('%s index %s', r.object, i.indexrelid::regclass), i.indrelid, i.indkey[0]
    from lint.relation() r
    join pg_catalog.pg_index i on i.indrelid = r.relation_id
    where r.of_app and i.indisunique
) k
where not exists (
    select
    from pg_catalog.pg_attribute a
    where a.attrelid = k.relation_id and a.attnum = k.place and a.attname = 'tenant_id'
);

comment on view lint.key_tenantless is 'A key does not start with the tenant';

commit;
