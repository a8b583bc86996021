-- Deploy qryvanta:lint/foreign_key_sets_null to pg
-- requires: lint/subject
-- Citus refuses ON DELETE SET NULL with the tenant in the key; a trigger of ours clears
-- lookups.

begin;

set local role qryvanta_owner;

create view lint.foreign_key_sets_null as
select
    'foreign_key_sets_null' as name,
    'A foreign key sets null itself' as title,
    'warning' as level,
    format('%s constraint %I', r.object, c.conname) as object,
    'not portable to Citus' as detail,
    'qryvanta drift --repair' as remediation
from lint.relation() r
join pg_catalog.pg_constraint c on c.conrelid = r.relation_id
where r.of_app and c.contype = 'f' and c.confdeltype in ('n', 'd');

comment on view lint.foreign_key_sets_null is 'A foreign key sets null itself';

commit;
