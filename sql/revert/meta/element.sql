-- Revert qryvanta:meta/element from pg

begin;

drop function meta.element(jsonb);

commit;
