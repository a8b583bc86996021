-- Deploy qryvanta:lint/function_public to pg
-- requires: lint/subject
-- Each function is granted by name. The default of PostgreSQL is everybody.

begin;

set local role qryvanta_owner;

create view lint.function_public as
select
    'function_public' as name,
    'A function is everybody''s' as title,
    'fault' as level,
    f.object as object,
    'every login may call it' as detail,
    'revoke execute on function … from public' as remediation
from lint.routine() f
where exists (select from aclexplode(f.rights) x where x.grantee = 0);

comment on view lint.function_public is 'A function is everybody''s';

commit;
