-- Revert qryvanta:publish/execute from pg

begin;

drop function publish.execute(jsonb, jsonb, boolean, boolean);
drop function publish.run(compile.step, text);
drop function publish.become(text, text);

commit;
