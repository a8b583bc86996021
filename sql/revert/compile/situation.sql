-- Revert qryvanta:compile/situation from pg

begin;

drop function compile.situated(jsonb);
drop function compile.planned_column(jsonb);
drop function compile.remedied_conversion(text, text, text, jsonb);
drop function compile.mapped_value(text, jsonb);
drop function compile.remedy(jsonb);
drop function compile.with_remedies(jsonb);

commit;
