-- Deploy qryvanta:lint/expression_foreign to pg
-- requires: lint/subject
-- Validating a constraint runs its expression with the publisher's rights. Built-in functions
-- leave no dependency; of ours a model uses these.

begin;

set local role qryvanta_owner;

create view lint.expression_foreign as
select
    'expression_foreign' as name,
    'An expression calls a function that is not ours' as title,
    'fault' as level,
    x.object as object,
    format(
        'it depends on %s', pg_describe_object(d.refclassid, d.refobjid, d.refobjsubid)
    ) as detail,
    'qryvanta drift --repair' as remediation
from (
    select
        format('%s constraint %I', r.object, c.conname) as object,
        'pg_constraint'::regclass as class_id, c.oid as object_id
    from lint.relation() r
    join pg_catalog.pg_constraint c on c.conrelid = r.relation_id
    where r.of_app
    union all
    select format('%s column %s', r.object, e.adnum), 'pg_attrdef'::regclass, e.oid
    from lint.relation() r
    join pg_catalog.pg_attrdef e on e.adrelid = r.relation_id
    where r.of_app
    union all
    select format('%s policy %I', r.object, p.polname), 'pg_policy'::regclass, p.oid
    from lint.relation() r
    join pg_catalog.pg_policy p on p.polrelid = r.relation_id
    where r.of_app
    union all
    select format('index %s', r.object), 'pg_class'::regclass, r.relation_id
    from lint.relation() r
    where r.of_app and r.kind in ('i', 'I')
) x
join pg_catalog.pg_depend d on d.classid = x.class_id and d.objid = x.object_id
where d.refclassid in ('pg_proc'::regclass, 'pg_operator'::regclass, 'pg_type'::regclass)
    and not (
        d.refclassid = 'pg_proc'::regclass
        and d.refobjid in (
            'tenancy.current_id()'::regprocedure,
            'tenancy.required_id()'::regprocedure,
            'tenancy.current_user_id()'::regprocedure,
            'tenancy.shows_deleted()'::regprocedure,
            'tenancy.new_id()'::regprocedure,
            'tenancy.next_number(uuid, text)'::regprocedure,
            'tenancy.key_range(bigint)'::regprocedure,
            'tenancy.key_high(uuid)'::regprocedure,
            'tenancy.key_low(uuid)'::regprocedure
        )
    );

comment on view lint.expression_foreign is 'An expression calls a function that is not ours';

commit;
