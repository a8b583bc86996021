-- Deploy qryvanta:compile/conversion to pg
-- requires: compile/step api/input
-- From one column type to another: the expression that converts a value, and which values lose
-- something by it. Where nothing fits, every value is lost, and that is said.

begin;

set local role qryvanta_owner;

create function compile.type_family(sql_type text)
    returns text
    immutable
    parallel safe
    language sql
return case
    when type_family.sql_type ~ '^(integer|bigint|numeric|double precision)' then 'number'
    else type_family.sql_type
end;

comment on function compile.type_family(text) is
'number for the types that convert as numbers, else the type itself';

create function compile.number_limit(sql_type text)
    returns table (whole_digits integer, decimals integer)
    immutable
    parallel safe
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select
        case
            when sql_type = 'integer' then 9
            when sql_type = 'bigint' then 18
            when sql_type ~ '^numeric\(' then n.parts[1]::integer - n.parts[2]::integer
        end,
        case
            when sql_type in ('integer', 'bigint') then 0
            when sql_type ~ '^numeric\(' then n.parts[2]::integer
        end
    from (select regexp_match(sql_type, '\((\d+),(\d+)\)') as parts) n
$$;

comment on function compile.number_limit(text) is
'How many digits before and after the point every number of a type surely has room for; null for '
'a float';

create function compile.number_loss(from_type text, to_type text, value text)
    returns text
    immutable
    parallel safe
    language sql
    set search_path = pg_catalog, pg_temp
return (
    select case
        -- The widest integers have one digit more than is sure.
        when o.whole_digits + case when from_type ~ 'int' then 1 else 0 end <= n.whole_digits
            and o.decimals <= n.decimals
            then null
        when from_type = 'integer' and to_type in ('bigint', 'double precision') then null
        when to_type = 'integer'
            then format(
                'trunc(%1$s::numeric) <> %1$s::numeric or %1$s::numeric not between %2$s and %3$s',
                value, -2147483648, 2147483647
            )
        when to_type = 'bigint'
            then format(
                'trunc(%1$s::numeric) <> %1$s::numeric or %1$s::numeric not between %2$s and %3$s',
                value, '-9223372036854775808', '9223372036854775807'
            )
        when to_type = 'double precision'
            then format('%1$s::double precision::numeric <> %1$s::numeric', value)
        else format(
            'round(%1$s::numeric, %2$s) <> %1$s::numeric'
            ' or abs(round(%1$s::numeric, %2$s)) >= 1e%3$s',
            value, n.decimals, n.whole_digits
        )
    end
    from compile.number_limit(from_type) o
    cross join compile.number_limit(to_type) n
);

comment on function compile.number_loss(text, text, text) is
'The condition under which a number of one type does not fit another; null when each does';

create function compile.number_conversion(to_type text, value text)
    returns text
    immutable
    parallel safe
    language sql
    set search_path = pg_catalog, pg_temp
-- What is too large becomes null, with leave only; what has too many decimals is rounded.
return (
    select format(
        'case when %s then %s::%s end',
        case
            when to_type = 'integer'
                then format('%s::numeric between -2147483648 and 2147483647', value)
            when to_type = 'bigint'
                then format(
                    '%s::numeric between -9223372036854775808 and 9223372036854775807', value
                )
            when to_type = 'double precision' then 'true'
            else format('abs(round(%s::numeric, %s)) < 1e%s', value, n.decimals, n.whole_digits)
        end,
        value, to_type
    )
    from compile.number_limit(to_type) n
);

comment on function compile.number_conversion(text, text) is
'A number as a number of another type, null where there is no room for it';

create function compile.text_loss(to_type text, value text)
    returns text
    immutable
    parallel safe
    language sql
    set search_path = pg_catalog, pg_temp
-- What can be read can still say more than there is room for: digits, or an hour beside a date.
return format(
    case
        when to_type ~ '^(numeric|double precision)' then
            'case when api.is_input(%1$s, %2$L) then %1$s::numeric <> %1$s::%2$s::numeric '
            'else %1$s is not null end'
        when to_type = 'date' then
            'case when api.is_input(%1$s, %2$L) then api.is_input(%1$s, ''timestamp'') '
            'and %1$s::timestamp <> date_trunc(''day'', %1$s::timestamp) else %1$s is not null end'
        when to_type ~ '^time( |$)' then
            'not api.is_input(%1$s, %2$L) or %1$s is not null and api.is_input(%1$s, ''timestamp'')'
        else 'not api.is_input(%1$s, %2$L)'
    end,
    value, to_type
);

comment on function compile.text_loss(text, text) is
'The condition under which a text cannot be read as a value of a type, or says more than it';

create function compile.conversion(from_type text, to_type text, value text)
    returns table (expression text, loss text)
    immutable
    parallel safe
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    -- Types of our own closed list, value a quoted column.
    select c.expression, c.loss
    from (
        select
            compile.type_family(from_type) as from_family, compile.type_family(to_type) as to_family
    ) f
    cross join lateral (
        values
        (
            1, from_type = to_type, value, null
        ),
        (
            2, f.from_family = 'number' and f.to_family = 'number',
            case
                when compile.number_loss(from_type, to_type, value) is null
                    then format('%s::%s', value, to_type)
                else compile.number_conversion(to_type, value)
            end,
            compile.number_loss(from_type, to_type, value)
        ),
        (
            3, from_type = 'timestamp with time zone' and to_type = 'text',
            format(
                'to_char(%s at time zone ''UTC'', ''YYYY-MM-DD"T"HH24:MI:SS.US"Z"'')', value
            ),
            null
        ),
        (4, from_type = 'jsonb' and to_type = 'text', format('%s #>> ''{}''', value), null),
        (
            4, from_type = 'text[]' and to_type = 'text',
            format('array_to_string(%s, '', '')', value), null
        ),
        (5, to_type = 'text', format('%s::text', value), null),
        (
            6, from_type = 'text' and to_type = 'text[]',
            format('case when %1$s is not null then array[%1$s] end', value), null
        ),
        (6, to_type = 'jsonb', format('to_jsonb(%s)', value), null),
        (
            7, from_type = 'text',
            format('case when api.is_input(%1$s, %2$L) then %1$s::%2$s end', value, to_type),
            compile.text_loss(to_type, value)
        ),
        (
            8, from_type = 'date' and to_type = 'timestamp with time zone',
            format('%s::timestamp at time zone ''UTC''', value), null
        ),
        (
            8, from_type = 'timestamp with time zone' and to_type = 'date',
            format('(%s at time zone ''UTC'')::date', value),
            format(
                '%1$s <> date_trunc(''day'', %1$s at time zone ''UTC'') at time zone ''UTC''', value
            )
        ),
        (
            8, from_type = 'boolean' and f.to_family = 'number',
            format('%s::integer::%s', value, to_type), null
        ),
        (
            8, f.from_family = 'number' and to_type = 'boolean', format('%s <> 0', value),
            format('%s not in (0, 1)', value)
        ),
        (9, true, format('null::%s', to_type), format('%s is not null', value))
    ) as c (place, fits, expression, loss)
    where c.fits
    order by c.place
    limit 1
$$;

comment on function compile.conversion(text, text, text) is
'How a value of one column type becomes one of another, and the condition under which it loses '
'something by it (null: never)';

create function compile.rewrites(from_type text, to_type text)
    returns boolean
    immutable
    parallel safe
    language sql
    set search_path = pg_catalog, pg_temp
-- More digits before the point, and no other change, is only another number in the catalogue.
return not (
    from_type ~ '^numeric\(' and to_type ~ '^numeric\('
    and (
        select n.decimals = o.decimals and n.whole_digits >= o.whole_digits
        from compile.number_limit(from_type) o
        cross join compile.number_limit(to_type) n
    )
);

comment on function compile.rewrites(text, text) is
'Whether a change of type writes every row anew';

commit;
