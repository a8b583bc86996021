-- Verify qryvanta:publish/rollup on pg

select 'publish.rebuild(text, text, text, boolean)'::regprocedure;
