-- Deploy qryvanta:lint/search_path_mutable to pg
-- requires: lint/subject
-- With the caller's path, a temporary table of the caller stands in for ours.

begin;

set local role qryvanta_owner;

create view lint.search_path_mutable as
select
    'search_path_mutable' as name,
    'A function takes its caller''s search path' as title,
    'fault' as level,
    f.object as object,
    case
        when f.definer then 'it runs with its owner''s rights'
        else 'its body is text'
    end as detail,
    'alter function … set search_path = pg_catalog, pg_temp' as remediation
from lint.routine() f
where not coalesce('search_path=pg_catalog, pg_temp' = any(f.settings), false)
    -- A body of parsed SQL has bound its names; without SET it can be inlined.
    and (f.definer or f.text_body)
    and f.language_name not in ('c', 'internal');

comment on view lint.search_path_mutable is 'A function takes its caller''s search path';

commit;
