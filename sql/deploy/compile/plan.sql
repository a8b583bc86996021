-- Deploy qryvanta:compile/plan to pg
-- requires: meta/manifest compile/definition compile/grant compile/comment compile/create_table
-- What must change so that the database is what a manifest asks for. Empty when it is.

begin;

set local role qryvanta_owner;

create function compile.plan(manifest jsonb)
    returns setof compile.step
    stable
    language plpgsql
    set search_path = pg_catalog, pg_temp
    -- The estimates of these joins are high, the work is not: compiling them would take longer.
    set jit = off
as $$
declare
    model jsonb := compile.compared(compile.situated(compile.scoped(manifest)));
begin
    return query
    select s.*
    from (
        select * from compile.role_step(model)
        union all
        select * from compile.membership_step(model)
        union all
        select * from compile.schema_step(model)
        union all
        select * from compile.create_table_step(model)
        union all
        select * from compile.rename_table_step(model)
        union all
        select * from compile.drop_table_step(model)
        union all
        select * from compile.owner_step(model)
        union all
        select * from compile.row_security_step(model)
        union all
        select * from compile.add_column_step(model)
        union all
        select * from compile.rename_column_step(model)
        union all
        select * from compile.change_type_step(model)
        union all
        select * from compile.change_column_step(model)
        union all
        select * from compile.drop_column_step(model)
        union all
        select * from compile.drop_definition_step(model)
        union all
        select * from compile.rename_definition_step(model)
        union all
        select * from compile.create_definition_step(model)
        union all
        select * from compile.grant_step(model)
        union all
        select * from compile.comment_step(model)
    ) s
    order by s.rank, s.target, s.kind;
end
$$;

comment on function compile.plan(jsonb) is
'The steps from the database as it is to what a manifest asks for, in order; none when nothing '
'differs';

create function compile.plan(app text)
    returns setof compile.step
    stable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select p.*
    from meta.app a
    cross join lateral compile.plan(meta.manifest(a.app_id)) p
    where a.name = plan.app
$$;

comment on function compile.plan(text) is
'What publishing the draft of an app would do: select * from compile.plan(''northwind'')';

commit;
