-- Deploy qryvanta:meta/problem to pg
-- requires: meta/manifest compile/constraint

begin;

set local role qryvanta_owner;

create function meta.problem(manifest jsonb)
    returns table (path text, message text)
    stable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select null::text, null::text where false
$$;

comment on function meta.problem(jsonb) is 'What is wrong with a manifest: all of it, with the path of each';

commit;
