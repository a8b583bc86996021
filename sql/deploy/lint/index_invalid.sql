-- Deploy qryvanta:lint/index_invalid to pg
-- requires: lint/subject
-- An index that was built concurrently and broke off: it costs and helps nothing.

begin;

set local role qryvanta_owner;

create view lint.index_invalid as
select
    'index_invalid' as name,
    'An index is invalid' as title,
    'warning' as level,
    format('%s index %s', r.object, i.indexrelid::regclass) as object,
    'no query uses it' as detail,
    'reindex index …' as remediation
from lint.relation() r
join pg_catalog.pg_index i on i.indrelid = r.relation_id
where not i.indisvalid or not i.indisready;

comment on view lint.index_invalid is 'An index is invalid';

commit;
