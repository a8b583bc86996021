-- Revert qryvanta:compile/internal from pg

begin;

drop function compile.internal_column(jsonb);

commit;
