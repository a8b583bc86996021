-- Deploy qryvanta:compile/transition to pg
-- requires: compile/step tenancy/transition
-- Which value of a choice may follow which: the condition of a trigger, so that \d tells it.

begin;

set local role qryvanta_owner;

create function compile.value_list(given jsonb)
    returns text
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
return (
    select coalesce(string_agg(quote_literal(v.value), ', ' order by v.place), 'null')
    from jsonb_array_elements_text(given) with ordinality as v (value, place)
);

comment on function compile.value_list(jsonb) is
'Texts as SQL literals; none is null, which equals nothing';

create function compile.transition(model jsonb)
    returns table (
        schema_name text, table_name text, place bigint, field_name text, column_name text,
        label text, purpose text, name text, event text, condition text
    )
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select
        f.schema_name, f.table_name, f.place, f.name, f.column_name, f.label, t.purpose,
        compile.derived_name(format('%s_%s_%s', f.table_name, f.name, t.purpose)), t.event,
        t.condition
    from compile.field(model) f
    cross join lateral (
        select
            'transition' as purpose, 'update' as event,
            format(
                'old.%1$I is distinct from new.%1$I and (case %2$s else old.%1$I is null%3$s end) is not true',
                f.column_name,
                string_agg(
                    format(
                        'when old.%1$I = %2$L then new.%1$I in (%3$s)', f.column_name, s.value,
                        compile.value_list(s.following)
                    ),
                    ' '
                    order by s.value
                ),
                -- To get its first value late is to begin.
                case when jsonb_typeof(f.field -> 'initial') = 'array'
                    then format(
                        ' and new.%I in (%s)', f.column_name, compile.value_list(f.field -> 'initial')
                    ) else '' end
            ) as condition
        from jsonb_each(
            case jsonb_typeof(f.field -> 'transitions') when 'object' then f.field -> 'transitions'
                else '{}' end
        ) as s (value, following)
        having count(*) > 0
        union all
        select
            'initial', 'insert',
            format('new.%I not in (%s)', f.column_name, compile.value_list(f.field -> 'initial'))
        where jsonb_typeof(f.field -> 'initial') = 'array'
    ) t
$$;

comment on function compile.transition(jsonb) is
'What triggers refuse: a change to a value that may not follow (transition), a new record with '
'another value than the first ones (initial)';

create function compile.desired_transition(model jsonb)
    returns setof compile.definition
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    -- The executor maps values while it publishes.
    select
        'trigger', t.schema_name, t.table_name, t.name,
        format(
            'create trigger %1$I before %2$s on %3$I.%4$I for each row when (current_user <> ''qryvanta_ddl'' and %5$s) execute function tenancy.refuse_transition(%6$L, %7$L)',
            t.name, t.event, t.schema_name, t.table_name, t.condition,
            compile.derived_name(t.table_name || '_' || t.field_name || '_' || t.purpose || '_check'),
            t.column_name
        ),
        null
    from compile.transition(model) t
$$;

comment on function compile.desired_transition(jsonb) is 'The triggers of transitions';

create function compile.told_transition(model jsonb)
    returns table (table_name text, place integer, inner_place bigint, item jsonb)
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select
        t.table_name, 3, t.place,
        jsonb_build_object(
            'name',
            compile.derived_name(t.table_name || '_' || t.field_name || '_' || t.purpose || '_check'),
            'kind', 'check', 'fields', jsonb_build_array(t.field_name), 'rule', t.purpose,
            'message',
            case t.purpose
                when 'initial' then format('%s cannot begin with this value', t.label)
                else format('%s cannot change to this value', t.label)
            end
        )
    from compile.transition(model) t
$$;

comment on function compile.told_transition(jsonb) is
'The refusals of transitions as the model tells them to the server';

commit;
