-- Deploy qryvanta:publish/remedy to pg
-- requires: meta/app
-- What a builder decides about rows that a tighter model would break. A remedy belongs to the draft
-- and is used up when the draft goes live.

begin;

set local role qryvanta_owner;

create table publish.remedy (
    app_id uuid not null,
    element_id uuid not null,
    action text not null,
    expression text,
    expression_sql text,
    mapping jsonb,
    given_at timestamptz not null default now(),
    given_by name not null default session_user,

    constraint remedy_pkey primary key (app_id, element_id, action),
    constraint remedy_app_id_fkey foreign key (app_id)
        references meta.app (app_id) on delete cascade,
    constraint remedy_action_check check (action in ('fill', 'map', 'clear', 'new_rows')),
    constraint remedy_expression_check check (
        (action = 'fill') = (expression is not null)
        and (expression is null) = (expression_sql is null)
    ),
    constraint remedy_mapping_check
        check ((action = 'map') = (coalesce(jsonb_typeof(mapping), '') = 'object'))
);

comment on table publish.remedy is
'What becomes of rows that the draft would break: fill what is missing, map values to others, '
'clear what breaks a rule, or keep the rule for new rows only';
comment on column publish.remedy.element_id is 'The field, rule or key that the rows break';
comment on column publish.remedy.expression_sql is
'fill: the value as canonical SQL; made by the expression gate';
comment on column publish.remedy.mapping is 'map: {value: value that takes its place}';

commit;
