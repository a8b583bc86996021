-- Deploy qryvanta:lint/name_quoted to pg
-- requires: lint/subject
-- Names of ours are lower case, free of reserved words, and short enough for a suffix.

begin;

set local role qryvanta_owner;

create view lint.name_quoted as
select
    'name_quoted' as name,
    'A name needs quoting' as title,
    'warning' as level,
    n.object as object,
    'it cannot be written without quotes, or is too long' as detail,
    'rename it' as remediation
from (
    select r.object, r.table_name as name
    from lint.relation() r
    union all
    select format('%s.%I', r.object, a.attname), a.attname::text
    from lint.relation() r
    join pg_catalog.pg_attribute a on a.attrelid = r.relation_id
    where r.kind in ('r', 'p', 'v') and a.attnum > 0 and not a.attisdropped
) n
where n.name !~ '^_?[a-z][a-z0-9_]{0,54}$'
    or exists (
        select
        from pg_get_keywords() k
        where k.word = n.name and k.catcode in ('R', 'T')
    );

comment on view lint.name_quoted is 'A name needs quoting';

commit;
