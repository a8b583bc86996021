-- Deploy qryvanta:publish/lost_role to pg
-- requires: publish/history identity/role
-- No data goes with a role, but people lose what they may do: that wants the same yes.

begin;

set local role qryvanta_owner;

create function publish.refuse_lost_roles(app_id uuid)
    returns void
    stable
    language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
declare
    lost text;
begin
    select string_agg(
        format('role %s is removed, which %s members have', o.role ->> 'name', h.holders), '; '
        order by o.place
    )
    into lost
    from compile.resolved(publish.current_manifest(refuse_lost_roles.app_id)) as m (model)
    cross join lateral jsonb_array_elements(m.model -> 'roles') with ordinality as o (role, place)
    cross join lateral (
        select count(*) as holders
        from identity.member_role r
        where r.app = m.model -> 'app' ->> 'name' and r.role = o.role ->> 'name'
    ) h
    where publish.current_manifest(refuse_lost_roles.app_id) is not null
        -- The roles of an app that names none are nobody's work; those of a model are.
        and (o.role ->> 'id' is not null or h.holders > 0)
        and not exists (
            select
            from jsonb_array_elements(
                compile.resolved(meta.manifest(refuse_lost_roles.app_id)) -> 'roles'
            ) as n (role)
            where n.role -> 'id' = o.role -> 'id' or n.role -> 'name' = o.role -> 'name'
        );
    if lost is not null then
        raise exception '%', lost
            using errcode = 'QP002', hint = 'Say that this is meant (--allow-data-loss).';
    end if;
end
$$;

comment on function publish.refuse_lost_roles(uuid) is
'Raises QP002 with every role in force that the draft does not have any more';

commit;
