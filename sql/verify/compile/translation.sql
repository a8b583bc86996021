-- Verify qryvanta:compile/translation on pg

select 'compile.known_definition(jsonb)'::regprocedure;
select 'compile.translated_definition(text, text, text, text, text, jsonb, jsonb)'::regprocedure;
select 'compile.masked(text, text, text)'::regprocedure;
select 'compile.renamed_names(jsonb)'::regprocedure;
select 'compile.translated(text, jsonb)'::regprocedure;
