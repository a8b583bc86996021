-- Deploy qryvanta:lint/owner_wrong to pg
-- requires: lint/subject
-- Forced row-level security binds qryvanta_owner. A superuser's table, view or definer
-- function is bound by nothing.

begin;

set local role qryvanta_owner;

create view lint.owner_wrong as
select
    'owner_wrong' as name,
    'An object has the wrong owner' as title,
    'fault' as level,
    o.object as object,
    format('it belongs to %s', pg_get_userbyid(o.owner_id)) as detail,
    'alter … owner to qryvanta_owner' as remediation
from (
    select r.object, r.owner_id, r.kind::text as kind
    from lint.relation() r
    where r.kind in ('r', 'p', 'v', 'm', 'S', 'f')
    union all
    select f.object, f.owner_id, 'function'
    from lint.routine() f
    union all
    select format('schema %I', n.nspname), n.nspowner, 'schema'
    from pg_catalog.pg_namespace n
    join lint.subject_schema() s on s.schema_name = n.nspname
) o
where pg_get_userbyid(o.owner_id) <> 'qryvanta_owner'
    and not (o.kind = 'function' and pg_get_userbyid(o.owner_id) = 'qryvanta_search')
    -- The administrator's: they make the roles of apps, which the owner may not.
    and o.object not in (
        'identity.create_app_role(text)', 'identity.grant_app_role(text,text)',
        'identity.drop_app_role(text)'
    )
    -- The executor's: they count rows of all tenants for a plan.
    and o.object not in (
        'compile.matching_rows(text,text,text)', 'compile.broken_rows(text,text,uuid)'
    );

comment on view lint.owner_wrong is 'An object has the wrong owner';

commit;
