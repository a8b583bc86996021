-- Deploy qryvanta:lint/foreign_key_unindexed to pg
-- requires: lint/subject
-- Each delete of a target would scan the whole table.

begin;

set local role qryvanta_owner;

create view lint.foreign_key_unindexed as
select
    'foreign_key_unindexed' as name,
    'A foreign key has no index' as title,
    'warning' as level,
    format('%s constraint %I', r.object, c.conname) as object,
    'deleting what it refers to scans the table' as detail,
    'create index on … (…)' as remediation
from lint.relation() r
join pg_catalog.pg_constraint c on c.conrelid = r.relation_id and c.contype = 'f'
where not exists (
    select
    from pg_catalog.pg_index i
    where i.indrelid = c.conrelid
        and i.indpred is null
        and (
            (i.indkey::int2[])[0:cardinality(c.conkey) - 1] @> c.conkey
            -- Its own id narrows enough; that of a tenant or app does not.
            or i.indkey[0] = any(c.conkey)
            and not exists (
                select
                from pg_catalog.pg_attribute a
                where a.attrelid = c.conrelid
                    and a.attnum = i.indkey[0]
                    and a.attname in ('tenant_id', 'app_id')
            )
        )
);

comment on view lint.foreign_key_unindexed is 'A foreign key has no index';

commit;
