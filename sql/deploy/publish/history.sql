-- Deploy qryvanta:publish/history to pg
-- requires: publish/app
-- Versions by number; no number is the draft.

begin;

set local role qryvanta_owner;

create function publish.manifest(app_id uuid, number integer)
    returns jsonb
    stable
    language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
declare
    found_manifest jsonb := case
        when manifest.number is null then meta.manifest(manifest.app_id)
        else (
            select v.manifest
            from publish.version v
            where v.app_id = manifest.app_id and v.number = manifest.number
        )
    end;
begin
    if found_manifest is null then
        raise exception '%', coalesce(
            format('there is no version %s; see qryvanta app versions', manifest.number),
            'there is no such app'
        ) using errcode = 'P0002';
    end if;
    return found_manifest;
end
$$;

comment on function publish.manifest(uuid, integer) is
'The manifest of a version, or of the draft without a number; raises P0002 when there is none';

create function publish.in_force(app_id uuid)
    returns integer
    stable
    language sql
    set search_path = pg_catalog, pg_temp
return (select a.published_version from meta.app a where a.app_id = in_force.app_id);

comment on function publish.in_force(uuid) is
'The number of the version in force; null before the first publish';

create function publish.statement(app_id uuid, old_number integer, new_number integer)
    returns table (source text, risk text, statement text)
    stable
    language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
declare
    in_force integer := publish.in_force(statement.app_id);
    journal_end integer := coalesce(new_number, in_force);
begin
    if old_number < journal_end or old_number is null or old_number = journal_end then
        return query
        select format('ran for version %s', v.number), s.risk, s.statement
        from publish.version v
        join publish.step s using (version_id)
        where v.app_id = statement.app_id
            and v.number > coalesce(old_number, 0) and v.number <= journal_end
        order by v.number, s.executed_at, s.position;
        if new_number is null then
            return query
            select 'planned', p.risk, p.statement
            from compile.plan(publish.manifest(statement.app_id, null)) p;
        end if;
    elsif old_number = in_force then
        return query
        select 'planned', p.risk, p.statement
        from compile.plan(publish.manifest(statement.app_id, new_number)) p;
    else
        raise exception 'only from the version in force (%) the way back can be planned', in_force
            using errcode = '55000';
    end if;
end
$$;

comment on function publish.statement(uuid, integer, integer) is
'The SQL between two versions (a new number of null is the draft): forward what ran, from the '
'version in force what would run; raises 55000 for a way that is neither';

create function publish.restore(app_id uuid, number integer)
    returns boolean
    volatile
    language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
declare
    draft jsonb := meta.manifest(restore.app_id);
    wanted jsonb := publish.manifest(restore.app_id, restore.number);
begin
    -- What was decided about the rows was for the draft that goes.
    delete from publish.remedy r
    where r.app_id = restore.app_id and draft is distinct from wanted;
    perform meta.store(wanted, a.tenant_id) from meta.app a where a.app_id = restore.app_id;
    return draft is distinct from wanted
        and draft is distinct from publish.current_manifest(restore.app_id);
end
$$;

comment on function publish.restore(uuid, integer) is
'Makes a version the draft, with the ids it had; whether the draft before had changes that were '
'never published';

commit;
