-- Revert qryvanta:compile/table from pg

begin;

drop view compile.actual_table;

commit;
