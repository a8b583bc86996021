-- Deploy qryvanta:api/warning to pg
-- requires: publish/version tenancy/current
-- Rules of severity warning refuse nothing, so that the catalogue does not know them: they are read
-- from the version in force.

begin;

set local role qryvanta_owner;

create function api.warning_rule(relation regclass)
    returns table (rule text, message text, expression text)
    stable
    security definer
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select c.item ->> 'rule', c.item ->> 'message', c.item ->> 'expression'
    from pg_class r
    join pg_namespace n on n.oid = r.relnamespace
    join meta.app a on a.name = n.nspname
    join publish.version v on v.app_id = a.app_id and v.number = a.published_version
    cross join lateral jsonb_array_elements(v.model -> 'entities') as e (entity)
    cross join lateral jsonb_array_elements(e.entity -> 'constraints') with ordinality
        as c (item, place)
    where r.oid = warning_rule.relation
        and e.entity ->> 'name' = r.relname
        and c.item ->> 'kind' = 'warning'
    order by c.place
$$;

comment on function api.warning_rule(regclass) is
'The rules of severity warning of a table, with their conditions as canonical SQL';

create function api.warning(relation regclass)
    returns table (id uuid, rule text, message text)
    stable
    language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
declare
    told record;
begin
    for told in select w.* from api.warning_rule(warning.relation) w
    loop
        return query execute format(
            -- The condition is the canonical form that the gate wrote when the rule was published.
            'select id, %L::text, %L::text from %s where tenant_id = $1 and (%s) is false',
            told.rule, told.message, warning.relation, told.expression
        )
        using tenancy.current_id();
    end loop;
end
$$;

comment on function api.warning(regclass) is
'The records of a table that break a warning, of those that the caller may see: '
'select * from api.warning(''crm.deal'')';

-- Direct SQL logins ask too; the rights on the table are their own.
grant execute on function api.warning_rule(regclass), api.warning(regclass) to qryvanta_app;

commit;
