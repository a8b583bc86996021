-- Revert qryvanta:storage/attach from pg

begin;

drop function storage.purge();
drop function storage.attach();
drop function storage.is_accepted(text, text[]);

commit;
