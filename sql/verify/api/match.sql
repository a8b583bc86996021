-- Verify qryvanta:api/match on pg

select 'api.match(regclass, text, tsquery, text)'::regprocedure;
select 'api.has_parts(regclass)'::regprocedure;
select 'api.is_frequent(regclass, text, tsquery, text)'::regprocedure;
