-- Deploy qryvanta:api/model to pg
-- requires: publish/version
-- What the server knows of the apps. The server asks for versions often and for a model rarely.

begin;

set local role qryvanta_owner;

create function api.published_version()
    returns table (app text, version integer)
    stable
    security definer
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select a.name::text, a.published_version
    from meta.app a
    where a.published_version is not null
$$;

comment on function api.published_version() is
'The published apps and the number of the version in force';

create function api.published_model()
    returns table (app text, version integer, model jsonb)
    stable
    security definer
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select a.name::text, v.number, v.model
    from meta.app a
    join publish.version v on v.app_id = a.app_id and v.number = a.published_version
$$;

comment on function api.published_model() is
'The model in force of each published app: its manifest with every default resolved';

grant usage on schema api to qryvanta_gateway;
grant execute on function api.published_version(), api.published_model() to qryvanta_gateway;

commit;
