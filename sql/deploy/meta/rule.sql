-- Deploy qryvanta:meta/rule to pg
-- requires: meta/field
-- What must hold in an entity: rules over a row, alternate keys; and its indexes.

begin;

set local role qryvanta_owner;

create table meta.rule (
    rule_id uuid not null default tenancy.new_id(),
    entity_id uuid not null,
    position integer not null,
    name meta.identifier not null,
    label text,
    check_expression text,
    check_sql text,
    no_overlap jsonb,
    severity text,
    message text,

    constraint rule_pkey primary key (rule_id),
    constraint rule_entity_id_name_key unique (entity_id, name),
    constraint rule_entity_id_fkey foreign key (entity_id)
        references meta.entity (entity_id) on delete cascade,
    constraint rule_check_expression_check
        check ((check_expression is null) <> (no_overlap is null)),
    constraint rule_check_sql_check check ((check_expression is null) = (check_sql is null)),
    constraint rule_severity_check check (
        severity = 'error' or (severity = 'warning' and check_expression is not null)
    )
);

comment on table meta.rule is
'What every row of an entity fulfils; publishing makes it a CHECK or an exclusion constraint';
comment on column meta.rule.no_overlap is
'The fields of records whose periods may not overlap, as in the manifest: key, from, to, bounds';
comment on column meta.rule.severity is
'warning: it refuses nothing and is only told; error, also when null: it refuses';
comment on column meta.rule.message is 'What a person reads when the rule is broken';
comment on column meta.rule.check_sql is
'The condition as canonical SQL; made by the expression gate';

create table meta.key (
    key_id uuid not null default tenancy.new_id(),
    entity_id uuid not null,
    position integer not null,
    is_unique boolean not null,

    constraint key_pkey primary key (key_id),
    constraint key_entity_id_key_id_key unique (entity_id, key_id),
    constraint key_entity_id_fkey foreign key (entity_id)
        references meta.entity (entity_id) on delete cascade
);

comment on table meta.key is 'An alternate key of an entity (unique) or an index';

create table meta.key_field (
    key_id uuid not null,
    entity_id uuid not null,
    position integer not null,
    field_id uuid not null,

    constraint key_field_pkey primary key (key_id, position),
    constraint key_field_field_id_key unique (key_id, field_id),
    constraint key_field_key_id_fkey foreign key (entity_id, key_id)
        references meta.key (entity_id, key_id) on delete cascade,
    -- A key names fields of its own entity only.
    constraint key_field_field_id_fkey foreign key (entity_id, field_id)
        references meta.field (entity_id, field_id) on delete cascade
);

create index key_field_field_id_idx on meta.key_field (entity_id, field_id);

comment on table meta.key_field is 'The fields of a key or index, in order';

commit;
