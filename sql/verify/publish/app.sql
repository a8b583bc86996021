-- Verify qryvanta:publish/app on pg

select 'publish.keep_version(uuid, jsonb, jsonb, text)'::regprocedure;
select 'publish.journal(uuid, uuid, compile.step[])'::regprocedure;
select 'publish.version_in_force(uuid)'::regprocedure;
select 'publish.check_draft(uuid, jsonb, boolean)'::regprocedure;
select 'publish.go_live(uuid, jsonb, text, boolean, uuid)'::regprocedure;
select 'publish.app(uuid, text, boolean)'::regprocedure;
