-- Deploy qryvanta:lint/role_too_powerful to pg
-- requires: lint/subject
-- One such role undoes all policies. Only these two pass row-level security, and one of them
-- reads only.

begin;

set local role qryvanta_owner;

create view lint.role_too_powerful as
select
    'role_too_powerful' as name,
    'A role may too much' as title,
    'fault' as level,
    o.name as object,
    concat_ws(
        ', ',
        case when r.rolsuper then 'superuser' end,
        case when r.rolbypassrls then 'bypassrls' end,
        case when r.rolcreaterole then 'createrole' end,
        case when r.rolcreatedb then 'createdb' end,
        case when r.rolreplication then 'replication' end
    ) as detail,
    'alter role … nosuperuser nobypassrls nocreaterole nocreatedb' as remediation
from lint.own_role() o
join pg_catalog.pg_roles r on r.oid = o.role_id
where r.rolsuper
    or r.rolbypassrls and o.name not in ('qryvanta_ddl', 'qryvanta_backup')
    or r.rolcreaterole
    or r.rolcreatedb
    or r.rolreplication;

comment on view lint.role_too_powerful is 'A role may too much';

commit;
