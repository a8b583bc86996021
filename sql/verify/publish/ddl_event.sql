-- Verify qryvanta:publish/ddl_event on pg

select * from publish.ddl_event where false;
select 'publish.watched_schema(text)'::regprocedure;
select 'publish.record_ddl(text, text, text)'::regprocedure;
select 'publish.is_known_publisher()'::regprocedure;
select 'publish.on_ddl()'::regprocedure;
select 'publish.on_drop()'::regprocedure;
select 'publish.watch_ddl()'::regprocedure;
select 'publish.watches_ddl()'::regprocedure;
select 'publish.forget_ddl_events()'::regprocedure;
