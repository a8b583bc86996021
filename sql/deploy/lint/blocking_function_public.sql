-- Deploy qryvanta:lint/blocking_function_public to pg
-- requires: lint/subject
-- With advisory locks, notifications and large objects a direct SQL login could block
-- publishers, wake workers for nothing, or keep data where no policy looks.

begin;

set local role qryvanta_owner;

create view lint.blocking_function_public as
select
    'blocking_function_public' as name,
    'A blocking function is everybody''s' as title,
    'fault' as level,
    p.oid::regprocedure::text as object,
    'every login may call it' as detail,
    'revoke execute on function … from public' as remediation
from pg_catalog.pg_proc p
cross join lateral aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) x
where p.pronamespace = 'pg_catalog'::regnamespace
    and (
        p.proname ~ '^pg_(try_)?advisory'
        or p.proname ~ '^lo_'
        or p.proname in ('loread', 'lowrite', 'pg_notify')
    )
    and x.grantee = 0;

comment on view lint.blocking_function_public is 'A blocking function is everybody''s';

commit;
