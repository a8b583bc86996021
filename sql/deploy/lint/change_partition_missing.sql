-- Deploy qryvanta:lint/change_partition_missing to pg
-- requires: lint/subject
-- The workers make it ahead. Without it changes land in the default partition, where they are
-- in the way of the partition to come.

begin;

set local role qryvanta_owner;

create view lint.change_partition_missing as
select
    'change_partition_missing' as name,
    'The change log has no partition for a month' as title,
    'fault' as level,
    format('audit.change_%s', to_char(m.month, 'YYYY_MM')) as object,
    'is a worker running?' as detail,
    'select audit.ensure_partition(…)' as remediation
from (
    select date_trunc('month', now() at time zone 'UTC') + n.ahead * interval '1 month' as month
    from generate_series(0, 1) as n (ahead)
) m
where not exists (
    select
    from pg_catalog.pg_inherits i
    join pg_catalog.pg_class c on c.oid = i.inhrelid
    where i.inhparent = 'audit.change'::regclass
        and c.relname = 'change_' || to_char(m.month, 'YYYY_MM')
);

comment on view lint.change_partition_missing is 'The change log has no partition for a month';

commit;
