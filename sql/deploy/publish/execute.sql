-- Deploy qryvanta:publish/execute to pg
-- requires: publish/build compile/plan identity/app_role
-- Runs the steps of a plan.

begin;

set local role qryvanta_owner;

create function publish.become(run_as text, administrator text)
    returns void
    volatile
    language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
begin
    perform set_config(
        'role',
        case run_as
            when 'owner' then 'qryvanta_owner'
            when 'executor' then 'qryvanta_ddl'
            else administrator
        end,
        true
    );
end
$$;

comment on function publish.become(text, text) is
'Acts as the role that a step asks for, until the transaction ends';

create function publish.run(step compile.step, administrator text)
    returns void
    volatile
    language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
begin
    perform publish.become(step.run_as, administrator);
    -- Roles are made by who may make them; a worker that publishes may not.
    case step.kind
        when 'create_role' then
            perform identity.create_app_role(step.target);
        when 'grant_role' then
            perform identity.grant_app_role(
                split_part(step.target, ' to ', 1), split_part(step.target, ' to ', 2)
            );
        else
            execute step.statement;
    end case;
end
$$;

comment on function publish.run(compile.step, text) is
'Runs a step of a plan as the role that it asks for';

create function publish.execute(
    manifest jsonb, whole jsonb, allow_data_loss boolean, repairs boolean default false
)
    returns setof compile.step
    volatile
    language plpgsql
    set search_path = pg_catalog, pg_temp
    set jit = off
    set plan_cache_mode = force_generic_plan
as $$
declare
    administrator text := current_setting('role');
    pass integer;
    model jsonb;
    step compile.step;
    steps compile.step[];
    settled boolean := false;
begin
    perform set_config('qryvanta.publish', 'on', true);
    for pass in 1..4 loop
        -- What only adds wants nothing else. What drops or replaces can: a key takes its references
        -- with it, a column its checks. Then plan again, until nothing differs.
        exit when settled;
        model := compile.scoped(execute.manifest, execute.whole);
        perform publish.refresh_places(model);
        if repairs then
            -- What was decided about rows belongs to the draft.
            model := model || '{"remedies": []}';
        end if;
        perform publish.remember_built(model);
        steps := array(
            select s from compile.step_of(compile.compared(compile.situated(model))) s
            union all
            select s from publish.built_grant(execute.whole, model) s
            where pass = 1
        );
        exit when cardinality(steps) = 0;
        if pass = 4 then
            raise exception 'the database does not become what the model asks for: %', steps[1].statement
                using errcode = 'QP003';
        end if;
        if steps[1].phase <> 'transactional' then
            raise exception 'this is more than one transaction may do: %', steps[1].statement
                using errcode = 'QP006', hint = 'Use the command: qryvanta app publish.';
        end if;
        foreach step in array steps loop
            if step.risk = 'loses data' and not allow_data_loss then
                raise exception '% % loses data: %', step.kind, step.target, step.why
                    using errcode = 'QP002', hint = 'Say that this is meant (--allow-data-loss).';
            end if;
            perform publish.run(step, administrator);
            return next step;
        end loop;
        perform publish.become('administrator', administrator);
        -- What was decided about the rows is done now; deciding it again would do it again.
        delete from publish.remedy r
        where r.app_id = (execute.manifest -> 'app' ->> 'id')::uuid and not repairs;
        perform publish.remember(model);
        -- What a changed formula took with it comes back with it, however large the table is.
        perform set_config('qryvanta.online_size', '9223372036854775807', true);
        settled := (
            select bool_and(s.kind ~ '^(create|add|grant|comment|force)_?')
            from unnest(steps) s
        );
    end loop;
    perform publish.settle(execute.manifest, model);
end
$$;

comment on function publish.execute(jsonb, jsonb, boolean, boolean) is
'Makes the database what a manifest (whole: resolved) asks for, or again what one in force asks '
'for (repairs); the steps that ran. Raises QP002 before a step that '
'loses data unless that is allowed, QP003 when it does not converge, QP006 when online steps come '
'first';

commit;
