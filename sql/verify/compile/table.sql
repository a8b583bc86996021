-- Verify qryvanta:compile/table on pg

select * from compile.actual_table where false;
