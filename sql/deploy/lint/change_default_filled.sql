-- Deploy qryvanta:lint/change_default_filled to pg
-- requires: lint/subject
-- The default partition is a net: it stays empty, or no partition can be attached for that
-- month.

begin;

set local role qryvanta_owner;

create view lint.change_default_filled as
select
    'change_default_filled' as name,
    'Changes lie in the default partition' as title,
    'fault' as level,
    'audit.change_default' as object,
    'a partition of the month of these changes was missing' as detail,
    'move them to a partition of their month' as remediation
where exists (select from audit.change_default);

comment on view lint.change_default_filled is 'Changes lie in the default partition';

commit;
