-- Deploy qryvanta:lint/column_unportable to pg
-- requires: lint/subject
-- Citus distributes neither; an enum's value cannot be removed, and its comparison is not
-- leakproof.

begin;

set local role qryvanta_owner;

create view lint.column_unportable as
select
    'column_unportable' as name,
    'A column is an identity or an enum' as title,
    'warning' as level,
    format('%s.%I', r.object, a.attname) as object,
    case when t.typtype = 'e' then 'an enum' else 'an identity' end as detail,
    'qryvanta drift --repair' as remediation
from lint.relation() r
join pg_catalog.pg_attribute a on a.attrelid = r.relation_id and not a.attisdropped
join pg_catalog.pg_type t on t.oid = a.atttypid
where r.of_app and r.kind in ('r', 'p') and (a.attidentity <> '' or t.typtype = 'e');

comment on view lint.column_unportable is 'A column is an identity or an enum';

commit;
