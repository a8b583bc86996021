-- Verify qryvanta:compile/building on pg

select 'compile.with_ahead(jsonb, compile.step [])'::regprocedure;
select 'compile.live_reference(jsonb)'::regprocedure;
select 'compile.building(jsonb)'::regprocedure;
select 'compile.most_at_once()'::regprocedure;
