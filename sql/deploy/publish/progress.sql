-- Deploy qryvanta:publish/progress to pg
-- requires: publish/publication
-- How far a publication is, for whoever waits.

begin;

set local role qryvanta_owner;

create view publish.progress as
select
    p.publication_id,
    p.app_id,
    p.state,
    p.fault,
    s.kind,
    s.target,
    s.started_at,
    coalesce(f.rows_done, i.tuples_done) as rows_done,
    coalesce(f.rows_total, i.tuples_total) as rows_total,
    case
        when f.advanced_at > f.started_at
            then f.rows_done / extract(epoch from f.advanced_at - f.started_at)
        when i.tuples_done > 0 and now() > s.started_at
            then i.tuples_done / extract(epoch from now() - s.started_at)
    end as rows_per_second
from publish.publication p
left join lateral (
    select x.*
    from publish.step x
    where x.publication_id = p.publication_id and x.state = 'running'
    order by x.started_at desc
    limit 1
) s on true
left join publish.fill f
    on f.statement = s.statement
        -- The target of another step has more parts than a table may have.
        and f.table_id = case s.kind when 'fill' then to_regclass(s.target) end
left join pg_catalog.pg_stat_progress_create_index i
    on s.kind = 'build_index'
        and i.relid = to_regclass(
            split_part(s.target, '.', 1) || '.' || split_part(s.target, '.', 2)
        );

comment on view publish.progress is
'The step that a publication is at, the rows it has done, how many there are (an estimate) and how '
'many a second; null where nothing is counted';

commit;
