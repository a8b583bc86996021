-- Deploy qryvanta:meta/choice to pg
-- requires: meta/app

begin;

set local role qryvanta_owner;

create table meta.choice_list (
    choice_list_id uuid not null default tenancy.new_id(),
    app_id uuid not null,
    position integer not null,
    name meta.identifier,

    constraint choice_list_pkey primary key (choice_list_id),
    constraint choice_list_app_id_choice_list_id_key unique (app_id, choice_list_id),
    constraint choice_list_app_id_name_key unique (app_id, name),
    constraint choice_list_app_id_fkey foreign key (app_id)
        references meta.app (app_id) on delete cascade
);

comment on table meta.choice_list is
'A list of values to choose from; without a name it belongs to one field';

create table meta.choice (
    choice_list_id uuid not null,
    position integer not null,
    value text not null,
    label text,
    tone text,
    applies_when jsonb,

    constraint choice_pkey primary key (choice_list_id, value),
    constraint choice_position_key unique (choice_list_id, position),
    constraint choice_choice_list_id_fkey foreign key (choice_list_id)
        references meta.choice_list (choice_list_id) on delete cascade,
    constraint choice_value_check check (char_length(value) between 1 and 100),
    constraint choice_tone_check check (
        tone in (
            'gray', 'red', 'orange', 'amber', 'lime', 'green', 'teal', 'sky', 'blue', 'violet',
            'pink', 'brown'
        )
    ),
    constraint choice_applies_when_check check (jsonb_typeof(applies_when) = 'object')
);

comment on table meta.choice is 'One value of a choice list';
comment on column meta.choice.tone is 'One of the twelve named tones of the interface';
comment on column meta.choice.applies_when is
'Dependent choice: {other field: [values]} under which this value may be chosen';

commit;
