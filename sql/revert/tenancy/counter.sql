-- Revert qryvanta:tenancy/counter from pg

begin;

drop function tenancy.next_number(uuid, text);
drop function tenancy.numbered(text, bigint);
drop table tenancy.counter;

commit;
