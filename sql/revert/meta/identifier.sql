-- Revert qryvanta:meta/identifier from pg

begin;

drop function meta.name_fault(text, text);
drop table meta.reserved_word;
drop domain meta.identifier;

commit;
