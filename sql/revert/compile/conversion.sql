-- Revert qryvanta:compile/conversion from pg

begin;

drop function compile.rewrites(text, text);
drop function compile.conversion(text, text, text);
drop function compile.text_loss(text, text);
drop function compile.number_conversion(text, text);
drop function compile.number_loss(text, text, text);
drop function compile.number_limit(text);
drop function compile.type_family(text);

commit;
