-- Deploy qryvanta:lint/constraint_unvalidated to pg
-- requires: lint/subject
-- It holds for new rows only, and nobody decided that: a publish that broke off.

begin;

set local role qryvanta_owner;

create view lint.constraint_unvalidated as
select
    'constraint_unvalidated' as name,
    'A constraint was not validated' as title,
    'warning' as level,
    format('%s constraint %I', r.object, c.conname) as object,
    'old rows may break it' as detail,
    'alter table … validate constraint …' as remediation
from lint.relation() r
join pg_catalog.pg_constraint c on c.conrelid = r.relation_id
where not c.convalidated
    and not exists (
        select
        from publish.definition d
        where d.schema_name = c.connamespace::regnamespace::text
            and d.name = c.conname
            and d.deparsed = pg_get_constraintdef(c.oid)
    );

comment on view lint.constraint_unvalidated is 'A constraint was not validated';

commit;
