-- Revert qryvanta:compile/building from pg

begin;

drop function compile.with_ahead(jsonb, compile.step []);
drop function compile.live_reference(jsonb);
drop function compile.building(jsonb);
drop function compile.most_at_once();

commit;
