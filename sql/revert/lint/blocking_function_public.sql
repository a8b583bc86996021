-- Revert qryvanta:lint/blocking_function_public from pg

begin;

drop view lint.blocking_function_public;

commit;
