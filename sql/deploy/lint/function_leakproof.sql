-- Deploy qryvanta:lint/function_leakproof to pg
-- requires: lint/subject
-- A leakproof function runs on rows before their policy: an error in it tells of another
-- tenant's row.

begin;

set local role qryvanta_owner;

create view lint.function_leakproof as
select
    'function_leakproof' as name,
    'A function is marked leakproof' as title,
    'fault' as level,
    p.oid::regprocedure::text as object,
    'it sees the rows of every tenant' as detail,
    'alter function … not leakproof' as remediation
from pg_catalog.pg_proc p
where p.proleakproof
    and (
        p.oid >= 16384
        or p.proname in ('textlike', 'texticlike', 'textregexeq', 'bpcharlike', 'jsonb_contains')
    );

comment on view lint.function_leakproof is 'A function is marked leakproof';

commit;
