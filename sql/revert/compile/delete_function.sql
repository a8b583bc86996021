-- Revert qryvanta:compile/delete_function from pg

begin;

drop function compile.unlink_function(jsonb);
drop function compile.restore_function(jsonb);
drop function compile.recycle_function(jsonb);
drop function compile.recycle_body(text, text, text, text);
drop function compile.trigger_function(text, text, text);
drop function compile.reference(jsonb);

commit;
