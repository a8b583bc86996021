-- Verify qryvanta:compile/order_column on pg

select 'compile.order_column(jsonb, jsonb)'::regprocedure;
