-- Verify qryvanta:identity/notification on pg

select 'identity.notify_servers()'::regprocedure;

select 1 / (count(*) = 5)::int from pg_catalog.pg_trigger t
where t.tgfoid = 'identity.notify_servers()'::regprocedure;
