-- Deploy qryvanta:meta/problem to pg
-- requires: meta/problem_name meta/problem_reference meta/problem_lookup meta/problem_type
-- requires: meta/problem_rule meta/problem_whole meta/problem_derived meta/problem_search
-- requires: meta/problem_rollup

begin;

set local role qryvanta_owner;

create function meta.problem_given(manifest jsonb)
    returns table (path text, message text)
    stable
    language sql
    set search_path = pg_catalog, pg_temp
    set jit = off
    set plan_cache_mode = force_generic_plan
as $$
    select distinct p.*
    from (
        select * from meta.problem_name(manifest)
        union all
        select * from meta.problem_reference(manifest)
        union all
        select * from meta.problem_cycle(manifest)
        union all
        select * from meta.problem_rollup(manifest)
        union all
        select * from meta.problem_type(manifest)
        union all
        select * from meta.problem_lookup(manifest)
        union all
        select * from meta.problem_choice(manifest)
        union all
        select * from meta.problem_whole(manifest)
        union all
        select * from meta.problem_rule(manifest)
    ) p
    order by 1, 2
$$;

comment on function meta.problem_given(jsonb) is 'What is wrong with a manifest as it is written';

create function meta.problem_resolved(model jsonb)
    returns table (path text, message text)
    stable
    language sql
    set search_path = pg_catalog, pg_temp
    set jit = off
    set plan_cache_mode = force_generic_plan
as $$
    select distinct p.*
    from (
        select * from meta.problem_column(model)
        union all
        select * from meta.problem_derived(model)
        union all
        select * from meta.problem_search(model)
        union all
        select * from meta.problem_role(model)
    ) p
    order by 1, 2
$$;

comment on function meta.problem_resolved(jsonb) is
'What is wrong with all that publishing would derive; to be asked of a model that names what it '
'has';

create function meta.problem(manifest jsonb)
    returns table (path text, message text)
    stable
    language plpgsql
    set search_path = pg_catalog, pg_temp
    set jit = off
as $$
begin
    return query
    select * from meta.problem_given(manifest);
    if not found then
        return query
        select * from meta.problem_resolved(compile.resolved(manifest));
    end if;
end
$$;

comment on function meta.problem(jsonb) is
'Everything that is wrong with a manifest, each with its path; nothing when it can be published. '
'The shape and the expressions are checked before';

commit;
