-- Revert qryvanta:compile/translation from pg

begin;

drop function compile.known_definition(jsonb);
drop function compile.translated_definition(text, text, text, text, text, jsonb, jsonb);
drop function compile.masked(text, text, text);
drop function compile.renamed_names(jsonb);
drop function compile.translated(text, jsonb);

commit;
