-- Revert qryvanta:lint/function_public from pg

begin;

drop view lint.function_public;

commit;
