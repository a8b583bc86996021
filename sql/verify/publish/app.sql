-- Verify qryvanta:publish/app on pg

select 'publish.repair(uuid, boolean)'::regprocedure;
select 'publish.drift(uuid)'::regprocedure;
select 'publish.app(uuid, text, boolean)'::regprocedure;
select 'publish.go_live(uuid, jsonb, text, boolean, uuid)'::regprocedure;
select 'publish.check_draft(uuid, jsonb, boolean)'::regprocedure;
select 'publish.version_in_force(uuid)'::regprocedure;
select 'publish.journal(uuid, uuid, compile.step[])'::regprocedure;
select 'publish.keep_version(uuid, jsonb, jsonb, text)'::regprocedure;
select 'publish.remember(jsonb)'::regprocedure;
select 'publish.remember_places(jsonb)'::regprocedure;
select 'publish.refresh_places(uuid)'::regprocedure;
select 'publish.execute(jsonb, jsonb, boolean, boolean)'::regprocedure;
select 'publish.remember_built(jsonb)'::regprocedure;
select 'publish.become(text, text)'::regprocedure;
