-- Deploy qryvanta:compile/translation to pg
-- requires: compile/change_column
-- The text of a definition after its columns and tables were renamed, so that a renamed object is
-- told from a changed one.

begin;

set local role qryvanta_owner;

create function compile.translated(definition text, names jsonb)
    returns text
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
return (
    select string_agg(
        case
            when t.token[1] is not null then t.token[1]
            when names ? trim(both '"' from coalesce(t.token[2], t.token[3]))
                then quote_ident(names ->> trim(both '"' from coalesce(t.token[2], t.token[3])))
            else coalesce(t.token[2], t.token[3], t.token[4])
        end,
        ''
        order by t.place
    )
    -- A literal, a quoted name, a bare name, or any other character.
    from regexp_matches(
        definition, $token$('(?:[^']|'')*')|("(?:[^"]|"")*")|([a-z_][a-z0-9_]*)|(.|\n)$token$, 'g'
    ) with ordinality as t (token, place)
);

comment on function compile.translated(text, jsonb) is
'A piece of SQL with names replaced, {old: new}; text literals stay as they are';

create function compile.renamed_names(model jsonb)
    returns table (table_name text, found_table text, columns jsonb)
    stable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select t.table_name, t.found_name, coalesce(c.columns, '{}')
    from compile.live_table(model) t
    left join (
        select
            a.table_id,
            jsonb_object_agg(a.found_name, coalesce(a.column_name, '_gone_' || a.found_name))
                as columns
        from compile.live_column(model) a
        where a.column_name <> a.found_name
            or (a.column_name is null and not compile.is_internal(a.found_name))
        group by a.table_id
    ) c using (table_id)
    where t.table_name is not null and (c.columns is not null or t.table_name <> t.found_name)
$$;

comment on function compile.renamed_names(jsonb) is
'The tables of which something is called otherwise than the model calls it: {found: wanted}';

create function compile.masked(kind text, name text, definition text)
    returns text
    immutable
    language sql
-- Only an index names itself.
return case masked.kind
    when 'index'
        then replace(masked.definition, format(' index %I on ', masked.name), ' index % on ')
    else masked.definition
end;

comment on function compile.masked(text, text, text) is 'A definition without its own name';

create function compile.translated_definition(
    kind text, schema_name text, definition text, found_table text, wanted_table text,
    columns jsonb, tables jsonb
)
    returns text
    immutable
    language sql
return case translated_definition.kind
    when 'index' then
        replace(
            split_part(definition, ' (', 1),
            format('%I.%I', translated_definition.schema_name, found_table),
            format('%I.%I', translated_definition.schema_name, wanted_table)
        )
        || ' (' || compile.translated(substr(definition, strpos(definition, ' (') + 2), columns)
    when 'foreign_key' then
        compile.translated(split_part(definition, ' references ', 1), columns)
        || ' references '
        || case
            when split_part(definition, ' references ', 2)
                like format('%I.', translated_definition.schema_name) || '%'
                then compile.translated(split_part(definition, ' references ', 2), tables)
            else split_part(definition, ' references ', 2)
        end
    when 'constraint' then compile.translated(definition, columns)
    when 'formula' then compile.translated(definition, columns)
    else definition
end;

comment on function compile.translated_definition(text, text, text, text, text, jsonb, jsonb) is
'A definition of a table as it reads after its columns, the table and its targets were renamed';

create function compile.known_definition(model jsonb)
    returns table (
        kind text, table_name text, name text, found_table text, found_name text, text text,
        deparsed text
    )
    stable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    with moved as materialized (select * from compile.renamed_names(model)),
    tables as materialized (
        -- Another table may take the name of one that goes; what refers to this one is not the same.
        select
            coalesce(
                jsonb_object_agg(t.found_name, coalesce(t.table_name, '_gone_' || t.found_name)), '{}'
            ) as names
        from compile.live_table(model) t
        where t.found_name <> t.table_name
            or (t.table_name is null and not compile.is_internal(t.found_name))
    )
    select
        p.kind, coalesce(m.table_name, p.table_name),
        case when p.kind in ('default', 'formula') then coalesce(m.columns ->> p.name, p.name)
            else p.name end,
        p.table_name, p.name,
        case
            when m.table_name is null and (p.kind <> 'foreign_key' or tables.names = '{}')
                then compile.masked(p.kind, p.name, p.definition)
            else compile.translated_definition(
                p.kind, p.schema_name, compile.masked(p.kind, p.name, p.definition), p.table_name,
                coalesce(m.table_name, p.table_name), coalesce(m.columns, '{}'), tables.names
            )
        end,
        p.deparsed
    from publish.definition p
    cross join tables
    left join moved m on m.found_table = p.table_name
    where p.schema_name = model -> 'app' ->> 'name'
        and not exists (select from compile.settled_name(model) s where s.name = p.table_name)
$$;

comment on function compile.known_definition(jsonb) is
'What was asked for at the last publish, under the names of the model';

commit;
