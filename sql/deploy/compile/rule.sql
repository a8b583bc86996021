-- Deploy qryvanta:compile/rule to pg
-- requires: compile/transition tenancy/key
-- The rules of an entity: a condition is a CHECK, "no overlap" an exclusion constraint, and a
-- warning is no constraint at all: it is told, and refuses nothing.

begin;

set local role qryvanta_owner;

create function compile.rule(model jsonb)
    returns table (
        schema_name text, table_name text, recycled boolean, place bigint, name text, kind text,
        rule jsonb, entity jsonb
    )
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select
        e.schema_name, e.table_name, e.recycled, r.place,
        compile.derived_name(format('%s_%s_rule', e.table_name, r.rule ->> 'name')),
        case
            when r.rule -> 'no_overlap' is not null then 'overlap'
            when r.rule ->> 'severity' = 'warning' then 'warning'
            else 'check'
        end,
        r.rule, e.entity
    from compile.entity(model) e
    cross join lateral jsonb_array_elements(e.entity -> 'rules') with ordinality as r (rule, place)
$$;

comment on function compile.rule(jsonb) is
'The rules that a model asks for: check, overlap or warning, with the name of the constraint';

create function compile.overlap_field(model jsonb)
    returns table (
        schema_name text, table_name text, rule_name text, part text, place bigint, field_name text,
        column_name text, type text, label text
    )
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    -- The period first: its beginning is the field that a screen marks.
    select
        r.schema_name, r.table_name, r.name, n.part, n.place, f.name, f.column_name, f.type, f.label
    from compile.rule(model) r
    cross join lateral (
        select p.part, p.place, r.rule -> 'no_overlap' ->> p.part as name
        from (values ('from', -1), ('to', 0)) as p (part, place)
        union all
        select 'key', k.place, k.name
        from jsonb_array_elements_text(coalesce(r.rule -> 'no_overlap' -> 'key', '[]'))
            with ordinality as k (name, place)
    ) n
    join compile.field(model) f using (schema_name, table_name)
    where r.kind = 'overlap' and f.name = n.name
$$;

comment on function compile.overlap_field(jsonb) is
'The fields of the "no overlap" rules: from and to are the period, key says of what';

create function compile.same_key(column_name text, type text)
    returns text
    immutable
    language sql
return case
    when same_key.type in ('integer', 'bigint') then format(
        'tenancy.key_range(%I) with &&', column_name
    )
    when same_key.type in ('lookup', 'user', 'uuid') then format(
        'tenancy.key_high(%1$I) with &&, tenancy.key_low(%1$I) with &&', column_name
    )
    -- A text counts by 128 bits of its hash.
    else format(
        'tenancy.key_high(md5(%1$I)::uuid) with &&, tenancy.key_low(md5(%1$I)::uuid) with &&',
        column_name
    )
end;

comment on function compile.same_key(text, text) is
'The elements of an exclusion constraint that ask whether two records have the same key';

create function compile.overlap(model jsonb)
    returns table (
        schema_name text, table_name text, name text, definition text, fields jsonb,
        from_column text, to_field text, to_column text, from_label text, to_label text
    )
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select
        r.schema_name, r.table_name, r.name,
        format(
            'exclude using gist (tenancy.key_high(tenant_id) with &&, '
            'tenancy.key_low(tenant_id) with &&, %s%s(%I, %I, %L) with &&) where (%I is not null%s) '
            -- Judged when the statement ends: all bookings may move by a day.
            'deferrable',
            f.keys, case f.type when 'date' then 'daterange' else 'tstzrange' end, f.from_column,
            f.to_column, r.rule -> 'no_overlap' ->> 'bounds', f.from_column,
            case when r.recycled then ' and deleted_at is null' else '' end
        ),
        f.fields, f.from_column, f.to_field, f.to_column, f.from_label, f.to_label
    from compile.rule(model) r
    join (
        select
            o.schema_name, o.table_name, o.rule_name,
            coalesce(
                string_agg(compile.same_key(o.column_name, o.type) || ', ', '' order by o.place)
                    filter (where o.part = 'key'),
                ''
            ) as keys,
            jsonb_agg(o.field_name order by o.place) as fields,
            min(o.type) filter (where o.part = 'from') as type,
            min(o.column_name) filter (where o.part = 'from') as from_column,
            min(o.column_name) filter (where o.part = 'to') as to_column,
            min(o.field_name) filter (where o.part = 'to') as to_field,
            min(o.label) filter (where o.part = 'from') as from_label,
            min(o.label) filter (where o.part = 'to') as to_label
        from compile.overlap_field(model) o
        group by o.schema_name, o.table_name, o.rule_name
    ) f on (f.schema_name, f.table_name, f.rule_name) = (r.schema_name, r.table_name, r.name)
$$;

comment on function compile.overlap(jsonb) is 'The exclusion constraints that a model asks for';

create function compile.period(model jsonb)
    returns table (
        schema_name text, table_name text, name text, definition text, field_name text, message text
    )
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    -- PostgreSQL makes no range that ends before it begins: 22000 instead of a rule with a name.
    select distinct
        o.schema_name, o.table_name,
        compile.derived_name(format('%s_%s_period_check', o.table_name, o.to_field)),
        format('check (%I >= %I)', o.to_column, o.from_column), o.to_field,
        format('%s must not be before %s', o.to_label, o.from_label)
    from compile.overlap(model) o
$$;

comment on function compile.period(jsonb) is
'That each period of a "no overlap" rule ends after it begins';

create function compile.desired_rule(model jsonb)
    returns setof compile.definition
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select
        'constraint', r.schema_name, r.table_name, r.name,
        -- A person typed it; the gate parsed it and wrote its canonical form.
        format('check (%s)', r.rule ->> 'check_sql'), r.rule ->> 'message'
    from compile.rule(model) r
    where r.kind = 'check'
    union all
    select 'constraint', o.schema_name, o.table_name, o.name, o.definition, r.rule ->> 'message'
    from compile.overlap(model) o
    join compile.rule(model) r using (schema_name, table_name, name)
    union all
    select 'constraint', p.schema_name, p.table_name, p.name, p.definition, p.message
    from compile.period(model) p
$$;

comment on function compile.desired_rule(jsonb) is 'The constraints of the rules of a model';

create function compile.rule_fields(entity jsonb, condition text)
    returns jsonb
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
return (
    -- Names inside text literals are no fields. The first one named is the field that a screen
    -- marks.
    with bare as (select regexp_replace(condition, $quoted$'[^']*'$quoted$, '', 'g') as condition)
    select coalesce(jsonb_agg(f.field ->> 'name' order by c.place), '[]')
    from bare
    cross join lateral jsonb_array_elements(entity -> 'fields') as f (field)
    join lateral (
        select min(regexp_instr(bare.condition, '\m' || (c.given ->> 'name') || '\M')) as place
        from jsonb_array_elements(f.field -> 'columns') as c (given)
        where bare.condition ~ ('\m' || (c.given ->> 'name') || '\M')
    ) c on c.place > 0
);

comment on function compile.rule_fields(jsonb, text) is 'The fields that a condition speaks of';

create function compile.told_rule(model jsonb)
    returns table (table_name text, place integer, inner_place bigint, item jsonb)
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select
        r.table_name, 4, r.place,
        jsonb_build_object(
            'name', r.name, 'kind', case r.kind when 'warning' then 'warning' else 'rule' end,
            'fields', coalesce(o.fields, compile.rule_fields(r.entity, r.rule ->> 'check_sql')),
            'rule', r.rule ->> 'name', 'message', r.rule ->> 'message'
        )
        || case r.kind when 'warning'
            then jsonb_build_object('expression', r.rule ->> 'check_sql') else '{}' end
    from compile.rule(model) r
    left join compile.overlap(model) o using (schema_name, table_name, name)
    union all
    select
        p.table_name, 3, f.place,
        jsonb_build_object(
            'name', p.name, 'kind', 'check', 'fields', jsonb_build_array(p.field_name), 'rule',
            'period', 'message', p.message
        )
    from compile.period(model) p
    join compile.field(model) f
        on (f.schema_name, f.table_name, f.name) = (p.schema_name, p.table_name, p.field_name)
    union all
    select * from compile.told_transition(model)
$$;

comment on function compile.told_rule(jsonb) is
'The rules as the model tells them to the server; a warning with its expression';

commit;
