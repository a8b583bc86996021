-- Revert qryvanta:publish/ddl_event from pg

begin;

do $$
begin
    drop event trigger if exists qryvanta_drop;
    drop event trigger if exists qryvanta_ddl;
end
$$;

drop function publish.watches_ddl();
revoke usage on schema publish from qryvanta_worker;
drop function publish.forget_ddl_events();
drop function publish.watch_ddl();
drop function publish.on_drop();
drop function publish.on_ddl();
drop function publish.is_known_publisher();
drop function publish.record_ddl(text, text, text);
drop function publish.watched_schema(text);
drop table publish.ddl_event;

commit;
