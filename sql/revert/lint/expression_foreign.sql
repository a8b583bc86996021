-- Revert qryvanta:lint/expression_foreign from pg

begin;

drop view lint.expression_foreign;

commit;
