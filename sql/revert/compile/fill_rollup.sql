-- Revert qryvanta:compile/fill_rollup from pg

begin;

drop function compile.fill_rollup_step(jsonb);

commit;
