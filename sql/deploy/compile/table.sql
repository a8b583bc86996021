-- Deploy qryvanta:compile/table to pg
-- requires: compile/step
-- What is there; the tables themselves are made in compile/create_table.

begin;

set local role qryvanta_owner;

create view compile.actual_table as
select
    n.nspname as schema_name,
    c.relname as table_name,
    c.oid as table_id,
    pg_get_userbyid(c.relowner) as owner_name,
    c.relrowsecurity as row_security,
    c.relforcerowsecurity as force_row_security,
    obj_description(c.oid, 'pg_class') as comment
from pg_catalog.pg_class c
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'p');

comment on view compile.actual_table is 'The tables that are there';

commit;
