-- Deploy qryvanta:publish/lost_role to pg
-- requires: publish/history identity/role
-- No data goes with a role, but people lose what they may do: that wants the same yes.

begin;

set local role qryvanta_owner;

create function publish.refuse_lost_roles(app_id uuid, model jsonb)
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
    from publish.current_model(refuse_lost_roles.app_id) as m (in_force)
    cross join lateral jsonb_array_elements(m.in_force -> 'roles') with ordinality
        as o (role, place)
    cross join lateral (
        select count(*) as holders
        from identity.member_role r
        where r.app = m.in_force -> 'app' ->> 'name' and r.role = o.role ->> 'name'
    ) h
    -- The roles of an app that names none are nobody's work; those of a model are.
    where (o.role ->> 'id' is not null or h.holders > 0)
        and not exists (
            select
            from jsonb_array_elements(refuse_lost_roles.model -> 'roles') as n (role)
            where n.role -> 'id' = o.role -> 'id' or n.role -> 'name' = o.role -> 'name'
        );
    if lost is not null then
        raise exception '%', lost
            using errcode = 'QP002', hint = 'Say that this is meant (--allow-data-loss).';
    end if;
end
$$;

comment on function publish.refuse_lost_roles(uuid, jsonb) is
'Raises QP002 with every role in force that a model does not have any more';

commit;
