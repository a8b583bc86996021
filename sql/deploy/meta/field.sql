-- Deploy qryvanta:meta/field to pg
-- requires: meta/entity meta/choice
-- One row a field; a parameter stands only where its type knows it.

begin;

set local role qryvanta_owner;

create table meta.field (
    field_id uuid not null default tenancy.new_id(),
    app_id uuid not null,
    entity_id uuid not null,
    position integer not null,
    name meta.identifier not null,
    type text not null,
    label text,
    description text,
    help text,
    required boolean not null default false,
    is_unique boolean not null default false,
    readonly boolean not null default false,
    searchable boolean not null default false,
    indexed boolean not null default false,
    sensitive boolean not null default false,
    default_expression text,
    default_sql text,
    formula text,
    formula_sql text,
    required_when text,
    required_when_sql text,
    length integer,
    pattern text,
    format text,
    multiline boolean,
    minimum text,
    maximum text,
    numeric_precision integer,
    numeric_scale integer,
    currency text,
    choice_list_id uuid,
    transitions jsonb,
    initial jsonb,
    target_entity_id uuid,
    on_delete text,
    json_schema jsonb,
    max_size text,
    accept jsonb,
    rollup_of text,
    rollup_function text,
    rollup_field text,
    rollup_where text,
    rollup_where_sql text,

    constraint field_pkey primary key (field_id),
    constraint field_entity_id_field_id_key unique (entity_id, field_id),
    constraint field_entity_id_name_key unique (entity_id, name),
    constraint field_entity_id_fkey foreign key (app_id, entity_id)
        references meta.entity (app_id, entity_id) on delete cascade,
    constraint field_target_entity_id_fkey foreign key (app_id, target_entity_id)
        references meta.entity (app_id, entity_id) on delete cascade,
    constraint field_choice_list_id_fkey foreign key (app_id, choice_list_id)
        references meta.choice_list (app_id, choice_list_id),
    constraint field_name_check check (meta.name_fault(name, 'field') is null),
    constraint field_type_check check (
        type in (
            'text', 'integer', 'bigint', 'decimal', 'money', 'float', 'percent', 'boolean', 'date',
            'time', 'timestamp', 'duration', 'choice', 'multichoice', 'lookup', 'user',
            'autonumber',
            'json', 'uuid', 'richtext', 'file', 'image', 'geopoint', 'rollup'
        )
    ),
    constraint field_length_check check (length is null or (type = 'text' and length > 0)),
    constraint field_pattern_check check (pattern is null or type = 'text'),
    constraint field_format_check check (
        format is null
        or (type = 'text' and format in ('email', 'url', 'phone'))
        or type = 'autonumber'
    ),
    constraint field_multiline_check check (multiline is null or type = 'text'),
    constraint field_range_check check (
        (minimum is null and maximum is null)
        or type in (
            'integer', 'bigint', 'decimal', 'money', 'float', 'percent', 'date', 'time',
            'timestamp',
            'duration'
        )
    ),
    constraint field_numeric_precision_check check (
        numeric_precision is null or (type = 'decimal' and numeric_precision between 1 and 1000)
    ),
    constraint field_numeric_scale_check check (
        numeric_scale is null
        or (type = 'decimal' and numeric_scale between 0 and coalesce(numeric_precision, 18))
    ),
    constraint field_currency_check check (currency is null or type = 'money'),
    constraint field_choice_list_id_check check (
        (choice_list_id is not null) = (type in ('choice', 'multichoice'))
    ),
    constraint field_transitions_check
        check ((transitions is null and initial is null) or type = 'choice'),
    -- A lookup without a target here has several: meta.field_target.
    constraint field_target_entity_id_check check (target_entity_id is null or type = 'lookup'),
    constraint field_on_delete_check check (
        on_delete is null or (type = 'lookup' and on_delete in ('restrict', 'cascade', 'clear'))
    ),
    -- Clearing a required lookup would leave a record without it.
    constraint field_on_delete_clear_check check (not (required and on_delete = 'clear')),
    constraint field_json_schema_check check (json_schema is null or type = 'json'),
    constraint field_file_check check (
        type in ('file', 'image') or (max_size is null and accept is null)
    ),
    constraint field_rollup_of_check check ((rollup_of is not null) = (type = 'rollup')),
    constraint field_rollup_function_check check (
        (rollup_function is not null) = (type = 'rollup')
        and rollup_function in ('count', 'sum', 'min', 'max', 'avg')
    ),
    constraint field_rollup_field_check
        check ((rollup_field is null) = (coalesce(rollup_function, 'count') = 'count')),
    constraint field_rollup_where_check check (rollup_where is null or type = 'rollup'),
    constraint field_rollup_where_sql_check
        check ((rollup_where is null) = (rollup_where_sql is null)),
    constraint field_default_sql_check check ((default_expression is null) = (default_sql is null)),
    constraint field_formula_sql_check check ((formula is null) = (formula_sql is null)),
    constraint field_required_when_sql_check
        check ((required_when is null) = (required_when_sql is null)),
    constraint field_required_when_check
        check (required_when is null or not (required or formula is not null)),
    constraint field_formula_check
        check (formula is null or not (required or default_sql is not null))
);

create index field_target_entity_id_idx on meta.field (app_id, target_entity_id);
create index field_choice_list_id_idx on meta.field (app_id, choice_list_id);

comment on table meta.field is 'A field of an entity; publishing makes it a column';
comment on column meta.field.rollup_of is 'child.lookup: the children of a rollup, by their names';
comment on column meta.field.minimum is 'Least value, as the manifest writes it';
comment on column meta.field.maximum is 'Greatest value, as the manifest writes it';
comment on column meta.field.max_size is 'Of a file, as the manifest writes it: bytes or 5MB';
comment on column meta.field.accept is 'The media types that a file may have';
comment on column meta.field.default_sql is
'The default as canonical SQL; made by the expression gate';
comment on column meta.field.formula_sql is
'The formula as canonical SQL; made by the expression gate';
comment on column meta.field.transitions is
'The values that may follow each value of a choice, as in the manifest; null: any';
comment on column meta.field.initial is
'The values of a choice that a new record may have; null: any';
comment on column meta.field.required_when is 'The condition under which a record needs a value';
comment on column meta.field.required_when_sql is
'The condition as canonical SQL; made by the expression gate';

commit;
