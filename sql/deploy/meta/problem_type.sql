-- Deploy qryvanta:meta/problem_type to pg
-- requires: meta/element
-- Parameters that do not fit the type of their field, or not each other.

begin;

set local role qryvanta_owner;

create function meta.castable(value text, sql_type text)
    returns boolean
    stable
    language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
begin
    execute format('select %L::%s', value, sql_type);  -- a type of our own closed list
    return true;
exception
    when data_exception then
        return false;
end
$$;

comment on function meta.castable(text, text) is 'Whether a text is a value of a column type';

create function meta.pattern_fault(pattern text)
    returns text
    stable
    language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
begin
    if length(pattern) > 500 then
        return 'is longer than 500 characters';
    end if;
    -- Back-references make matching exponential: one value could hold up the server.
    if pattern ~ '\\[1-9]' then
        return 'must not refer back to a group';
    end if;
    perform '' ~ pattern;
    return null;
exception
    when invalid_regular_expression then
        return 'is no regular expression: ' || sqlerrm;
end
$$;

comment on function meta.pattern_fault(text) is 'Why a pattern cannot be used; null when it can';

create function meta.parameter_type()
    returns table (parameter text, types text[])
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    values
    ('length', '{text}'::text[]),
    ('pattern', '{text}'),
    ('format', '{text,autonumber}'),
    ('multiline', '{text}'),
    ('min', '{integer,bigint,decimal,money,float,percent,date,time,timestamp,duration}'),
    ('max', '{integer,bigint,decimal,money,float,percent,date,time,timestamp,duration}'),
    ('precision', '{decimal}'),
    ('scale', '{decimal}'),
    ('currency', '{money}'),
    ('choices', '{choice,multichoice}'),
    ('transitions', '{choice}'),
    ('initial', '{choice}'),
    ('entity', '{lookup}'),
    ('entities', '{lookup}'),
    ('on_delete', '{lookup}'),
    ('schema', '{json}'),
    ('max_size', '{file,image}'),
    ('accept', '{file,image}'),
    ('of', '{rollup}'),
    ('function', '{rollup}'),
    ('field', '{rollup}'),
    ('where', '{rollup}')
$$;

comment on function meta.parameter_type() is 'The field types that know a parameter';

create function meta.problem_type(manifest jsonb)
    returns table (path text, message text)
    stable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    with field as (
        select
            f.path, f.parent, f.given, f.given ->> 'type' as type,
            compile.sql_type(f.given ->> 'type', p.precision_given,
                least(p.scale_given, p.precision_given)) as sql_type,
            p.precision_given, p.scale_given
        from meta.element(manifest) f
        cross join lateral (
            select
                coalesce((f.given ->> 'precision')::integer, 18) as precision_given,
                coalesce((f.given ->> 'scale')::integer, 2) as scale_given
        ) p
        where f.kind = 'field'
    )
    select f.path || '/' || p.parameter, format('a %s field has no %s', f.type, p.parameter)
    from field f
    join meta.parameter_type() p on f.given ? p.parameter and f.type <> all (p.types)
    union all
    select f.path || '/' || r.parameter, format('a %s field needs %s', f.type, r.parameter)
    from field f
    join (values
        ('choice', 'choices'), ('multichoice', 'choices'), ('rollup', 'of'), ('rollup', 'function')
    )
        as r (type, parameter)
        on r.type = f.type and not f.given ? r.parameter
    union all
    select f.path || '/precision', 'precision must be from 1 to 1000'
    from field f
    where f.type = 'decimal' and f.precision_given not between 1 and 1000
    union all
    select f.path || '/scale',
    format('scale must be from 0 to the precision, %s', f.precision_given)
    from field f
    where f.type = 'decimal' and f.scale_given not between 0 and f.precision_given
    union all
    select f.path || '/' || b.parameter, format('%s is no %s', f.given -> b.parameter, f.type)
    from field f
    join meta.parameter_type() b on b.parameter in ('min', 'max') and f.type = any (b.types)
    where f.given ->> b.parameter is not null
        and not meta.castable(f.given ->> b.parameter, f.sql_type)
    union all
    select f.path || '/max',
    format('max %s is less than min %s', f.given -> 'max', f.given -> 'min')
    from field f
    where f.type in ('integer', 'bigint', 'decimal', 'money', 'float', 'percent')
        and jsonb_typeof(f.given -> 'min') = 'number'
        and jsonb_typeof(f.given -> 'max') = 'number'
        and (f.given ->> 'max')::numeric < (f.given ->> 'min')::numeric
    union all
    select f.path || '/pattern', 'the pattern ' || p.fault
    from field f
    cross join lateral meta.pattern_fault(f.given ->> 'pattern') as p (fault)
    where f.given ->> 'pattern' is not null and p.fault is not null
    union all
    select f.path || '/format', 'the format must be email, url or phone'
    from field f
    where f.type = 'text' and f.given ->> 'format' not in ('email', 'url', 'phone')
    union all
    select f.path || '/format',
    'the format needs one {0…} for the number and may have {yyyy}, {yy}, {mm}, {dd}'
    from field f
    where f.type = 'autonumber'
        and regexp_replace(coalesce(f.given ->> 'format', '{0}'), '\{(yyyy|yy|mm|dd)\}', '', 'g')
            !~ '^[^{}]*\{0+\}[^{}]*$'
    union all
    select f.path || '/on_delete', 'a required lookup cannot be cleared'
    from field f
    where f.given ->> 'on_delete' = 'clear' and (f.given ->> 'required')::boolean
    union all
    select f.path || '/' || p.parameter, format('a formula field has no %s', p.parameter)
    from field f
    cross join (values ('default'), ('required')) as p (parameter)
    where f.given ->> 'formula' is not null
        and f.given -> p.parameter is not null
        and f.given ->> p.parameter <> 'false'
    union all
    select f.path || '/formula', format('a %s field cannot be a formula', f.type)
    from field f
    where f.given ->> 'formula' is not null and f.type in ('lookup', 'user', 'autonumber', 'json')
$$;

comment on function meta.problem_type(jsonb) is
'Parameters that a type does not know or that contradict each other';

create function meta.problem_choice(manifest jsonb)
    returns table (path text, message text)
    stable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    with list as (
        select e.path, e.parent, e.given, false as of_field
        from meta.element(manifest) e
        where e.kind = 'choice_list'
        union all
        select e.path || '/choices', e.parent, e.given -> 'choices', true
        from meta.element(manifest) e
        where e.kind = 'field' and jsonb_typeof(e.given -> 'choices') = 'array'
    ),
    choice as (
        select
            l.path || '/' || (c.place - 1) as path, l.path as list,
            coalesce(c.choice ->> 'value', c.choice #>> '{}') as value,
            c.choice
        from list l
        cross join lateral jsonb_array_elements(l.given) with ordinality as c (choice, place)
    ),
    used as (
        select
            f.path || '/choices' as path, f.parent, f.name,
            compile.resolved_choices(f.given -> 'choices', coalesce(manifest -> 'choices', '{}'))
                as choices
        from meta.element(manifest) f
        where f.kind = 'field' and f.given ->> 'type' in ('choice', 'multichoice')
    )
    select l.path, 'a choice list needs at least one value'
    from list l
    where jsonb_array_length(l.given) = 0
    union all
    select c.path, 'a choice value has 1 to 100 characters'
    from choice c
    where char_length(coalesce(c.value, '')) not between 1 and 100
    union all
    select min(c.path), format('the value %s stands %s times', to_json(c.value), count(*))
    from choice c
    where c.value is not null
    group by c.list, c.value
    having count(*) > 1
    union all
    select u.path, format('when: there is no choice field %s beside %s', to_json(w.name), u.name)
    from used u
    cross join lateral jsonb_array_elements(u.choices) as c (choice)
    cross join lateral jsonb_object_keys(
        case jsonb_typeof(c.choice -> 'when') when 'object' then c.choice -> 'when' else '{}' end
    ) as w (name)
    where w.name = u.name
        or not exists (select from used o where o.parent = u.parent and o.name = w.name)
    union all
    select u.path, format('when: %s is no value of %s', to_json(v.value), w.name)
    from used u
    cross join lateral jsonb_array_elements(u.choices) as c (choice)
    cross join lateral jsonb_each(
        case jsonb_typeof(c.choice -> 'when') when 'object' then c.choice -> 'when' else '{}' end
    ) as w (name, allowed)
    cross join lateral jsonb_array_elements_text(w.allowed) as v (value)
    join used o on o.parent = u.parent and o.name = w.name
    where not jsonb_path_exists(o.choices, '$[*].value ? (@ == $value)',
        jsonb_build_object('value', v.value))
$$;

comment on function meta.problem_choice(jsonb) is
'Choice lists that are empty, repeat a value or depend on nothing';

commit;
