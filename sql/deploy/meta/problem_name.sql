-- Deploy qryvanta:meta/problem_name to pg
-- requires: meta/element

begin;

set local role qryvanta_owner;

create function meta.problem_name(manifest jsonb)
    returns table (path text, message text)
    stable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select
        e.path || case when e.kind = 'choice_list' then '' else '/name' end,
        coalesce(to_json(e.name)::text, 'the name') || ' cannot be a name: ' || f.fault
    from meta.element(manifest) e
    cross join lateral meta.name_fault(
        e.name, case when e.kind in ('app', 'entity', 'field') then e.kind else 'other' end
    ) as f (fault)
    where e.kind in ('app', 'entity', 'relation', 'field', 'rule', 'role', 'choice_list')
        and f.fault is not null
    union all
    select
        min(e.path),
        case e.kind when 'grant' then format('%s is granted twice', to_json(e.name))
            else format('the name %s is used %s times', to_json(e.name), count(*)) end
    from (
        select case x.kind when 'relation' then 'entity' else x.kind end as kind, x.parent, x.name,
        x.path
        from meta.element(manifest) x
        where x.name is not null
    ) e
    group by e.kind, e.parent, e.name
    having count(*) > 1
    union all
    select e.path || '/id', format('the id %s is used twice', e.given ->> 'id')
    from (
        select x.path, x.given, row_number() over (partition by x.given ->> 'id' order by x.path)
            as place
        from meta.element(manifest) x
        where jsonb_typeof(x.given) = 'object' and x.given ->> 'id' is not null
    ) e
    where e.place > 1
    union all
    select e.path || '/id', 'the id belongs to another app'
    from meta.element(manifest) e
    join (
        select m.entity_id as id, a.name
        from meta.entity m
        join meta.app a using (app_id)
        union all
        select f.field_id, a.name
        from meta.field f
        join meta.app a using (app_id)
        union all
        select r.role_id, a.name
        from meta.role r
        join meta.app a using (app_id)
        union all
        select r.rule_id, a.name
        from meta.rule r
        join meta.entity m using (entity_id)
        join meta.app a using (app_id)
    ) taken on taken.id::text = e.given ->> 'id'
    where e.kind <> 'app'
        and jsonb_typeof(e.given) = 'object'
        and taken.name <> manifest -> 'app' ->> 'name'
        and not exists (
            select from meta.app a
            where a.app_id::text = manifest -> 'app' ->> 'id' and a.name = taken.name
        )
$$;

comment on function meta.problem_name(jsonb) is
'Names that cannot be used or are used twice, ids that are taken';

commit;
