-- Verify qryvanta:compile/conversion on pg

select 'compile.rewrites(text, text)'::regprocedure;
select 'compile.conversion(text, text, text)'::regprocedure;
select 'compile.text_loss(text, text)'::regprocedure;
select 'compile.number_conversion(text, text)'::regprocedure;
select 'compile.number_loss(text, text, text)'::regprocedure;
select 'compile.number_limit(text)'::regprocedure;
select 'compile.type_family(text)'::regprocedure;
