-- Revert qryvanta:publish/dependent from pg

begin;

drop function publish.refuse_obstacles(uuid, jsonb);
drop function publish.breaks(uuid);
drop function publish.current_model(uuid);
drop function publish.obstacle(jsonb, jsonb);
drop function publish.changing(jsonb, jsonb);
drop view publish.dependent;

commit;
