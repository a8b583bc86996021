-- Deploy qryvanta:compile/type_check to pg
-- requires: compile/name
-- The checks that belong to a type alone. That of richtext is a second fence: the server sanitises,
-- and what never went through it, a psql session for one, cannot leave a script for a browser.

begin;

set local role qryvanta_owner;

create function compile.markup_check()
    returns text
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
return (
    -- A tag up to a place in it: quoted values are skipped whole, they may hold anything.
    with tag as (select $tag$<[a-z](?:[^>"']|"[^"]*"|'[^']*')*?$tag$::text as opened)
    select string_agg(refused.pattern, '|')
    from tag
    cross join lateral (values
        -- Elements that run, load, post or restyle.
        ('</?(script|iframe|frame|frameset|object|embed|applet|base|link|meta|style|form|input'
            || '|button|textarea|select|svg|math|template|noscript|portal)\M'),
        (tag.opened || $handler$(?:"[^"]*"|'[^']*'|[\s/])on[a-z]+\s*=$handler$),
        -- Browsers skip blanks inside the name of a scheme and control characters before it.
        (
            tag.opened || $scheme$=\s*["']?[\u0001-\u0020]*$scheme$
            || '(?:j\s*a\s*v\s*a|v\s*b|l\s*i\s*v\s*e)\s*s\s*c\s*r\s*i\s*p\s*t\s*:'
        ),
        (tag.opened || $data$=\s*["']?[\u0001-\u0020]*d\s*a\s*t\s*a\s*:$data$),
        -- A character written as its number hides what an address begins with.
        (tag.opened || $coded$=\s*["']?[^"'>]*&(?:#|colon;|tab;|newline;)$coded$),
        -- A quote that opens no value: what is quoted would be a matter of opinion.
        (tag.opened || $stray$[^="'\s>]\s*["']$stray$)
    ) as refused (pattern)
);

comment on function compile.markup_check() is
'The pattern (no case) of HTML that a browser would run, none of which the sanitiser lets through';

create function compile.target_check(field jsonb)
    returns text
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
return (
    select format(
        'num_nonnulls(%s) %s', string_agg(quote_ident(c.given ->> 'name'), ', ' order by c.place),
        case when (field ->> 'required')::boolean then '= 1' else '<= 1' end
    )
    from jsonb_array_elements(field -> 'columns') with ordinality as c (given, place)
);

comment on function compile.target_check(jsonb) is
'The condition that a lookup among several entities refers to one record: at most or exactly';

create function compile.type_check(field jsonb)
    returns table (kind text, definition text, message text)
    immutable
    language sql
begin atomic
    select v.kind, v.definition, v.message
    -- Each row is formatted, wanted or not, and a name must not be null.
    from (
        select
            coalesce(field ->> 'column', field ->> 'name') as c, field ->> 'label' as label,
            coalesce(field -> 'columns' -> 0 ->> 'name', '') as latitude,
            coalesce(field -> 'columns' -> 1 ->> 'name', '') as longitude
    ) f
    cross join lateral (values
        (
            'richtext', 'required', (field ->> 'required')::boolean,
            format(
                $bare$regexp_replace(%I, '<[^>]*>|&nbsp;', '', 'g') ~ '\S'$bare$, f.c
            ),
            format('%s is required', field ->> 'label')
        ),
        (
            'richtext', 'markup', true,
            format('%I !~* %L', f.c, compile.markup_check()),
            format(
                '%s must not hold scripts, embedded pages, event handlers or script addresses',
                field ->> 'label'
            )
        ),
        (
            'geopoint', 'required', (field ->> 'required')::boolean,
            format('%I is not null and %I is not null', f.latitude, f.longitude),
            format('%s is required, latitude and longitude', f.label)
        ),
        (
            'geopoint', 'pair', (field ->> 'required')::boolean is not true,
            format('(%I is null) = (%I is null)', f.latitude, f.longitude),
            format('%s needs both latitude and longitude, or neither', f.label)
        ),
        (
            'geopoint', 'range', true,
            -- Not a number is greater than any number, and so is out of range.
            format(
                '%I between -90 and 90 and %I between -180 and 180', f.latitude, f.longitude
            ),
            format(
                '%s must have a latitude from -90 to 90 and a longitude from -180 to 180', f.label
            )
        ),
        (
            'lookup', 'target', jsonb_typeof(field -> 'entities') = 'array',
            compile.target_check(field),
            format(
                case when (field ->> 'required')::boolean then '%s is required, and is one record'
                    else '%s is one record at most' end,
                field ->> 'label'
            )
        )
    ) as v (type, kind, wanted, definition, message)
    where v.type = field ->> 'type' and v.wanted;
end;

comment on function compile.type_check(jsonb) is
'The checks that a field has for its type alone: kind (part of the name), condition and message';

commit;
