-- Revert qryvanta:lint/function_leakproof from pg

begin;

drop view lint.function_leakproof;

commit;
