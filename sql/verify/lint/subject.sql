-- Verify qryvanta:lint/subject on pg

select 'lint.subject_schema()'::regprocedure;
select 'lint.relation()'::regprocedure;
select 'lint.routine()'::regprocedure;
select 'lint.row_policy()'::regprocedure;
select 'lint.relation_right()'::regprocedure;
select 'lint.own_role()'::regprocedure;
