-- Revert qryvanta:compile/order_column from pg

begin;

drop function compile.order_column(jsonb, jsonb);

commit;
