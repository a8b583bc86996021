-- Deploy qryvanta:lint/view_definer to pg
-- requires: lint/subject
-- A view without security_invoker asks the policies of its owner, not of its reader.

begin;

set local role qryvanta_owner;

create view lint.view_definer as
select
    'view_definer' as name,
    'A view reads with its owner''s rights' as title,
    'fault' as level,
    r.object as object,
    'its readers see what its owner sees' as detail,
    'alter view … set (security_invoker = true)' as remediation
from lint.relation() r
where r.kind = 'v'
    and not coalesce(r.options @> array['security_invoker=true'], false)
    -- Our own views show the catalogue to nobody but their owner.
    and (r.of_app or exists (select from lint.relation_right() x where x.object = r.object));

comment on view lint.view_definer is 'A view reads with its owner''s rights';

commit;
