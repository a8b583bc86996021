-- Deploy qryvanta:api/violation to pg
-- requires: api/overlap
-- PostgreSQL stops at the first rule that a record breaks; people want to hear of all of them.
-- Reads nothing but the catalogue, runs with the rights of the caller, and works for any table.

begin;

set local role qryvanta_owner;

create function api.evaluated(relation regclass, record jsonb, expression text)
    returns jsonb
    volatile
    language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
declare
    result jsonb;
begin
    -- `expression` is the catalogue's own text of a default, a generated column or a constraint.
    execute format(
        'select to_jsonb(%s) from jsonb_to_record($1) as %I (%s)',
        expression,
        (select c.relname from pg_class c where c.oid = evaluated.relation),
        api.row_type(relation)
    )
    into result
    using record;
    return result;
exception when others then
    -- What cannot be computed is unknown, and an unknown breaks no rule.
    return null;
end
$$;

comment on function api.evaluated(regclass, jsonb, text) is
'An expression of the catalogue over a record; null when it cannot be computed';

create function api.unreadable_column(relation regclass, record jsonb)
    returns setof text
    stable
    language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
declare
    given record;
begin
    for given in
        select a.attname as name, format_type(a.atttypid, a.atttypmod) as type
        from pg_attribute a
        where a.attrelid = relation and a.attnum > 0 and not a.attisdropped
            and unreadable_column.record ? a.attname::text
        order by a.attnum
    loop
        begin
            execute format(
                'select r.%1$I from jsonb_to_record($1) as r (%1$I %2$s)', given.name, given.type
            )
            using record;
        exception when data_exception or invalid_parameter_value then
            return next given.name;
        end;
    end loop;
end
$$;

comment on function api.unreadable_column(regclass, jsonb) is
'The columns whose value in the record cannot be read as their type';

create function api.candidate(relation regclass, record jsonb, is_new boolean)
    returns jsonb
    volatile
    language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
declare
    missing record;
begin
    for missing in
        select a.attname as name, a.attgenerated as kind, pg_get_expr(d.adbin, d.adrelid)
            as expression
        from pg_attribute a
        join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
        where a.attrelid = relation and not a.attisdropped
        -- Generated columns last: they are computed from the others.
        order by a.attgenerated <> '', a.attnum
    loop
        if missing.kind <> '' or (is_new and not record ? missing.name) then
            record := record || jsonb_build_object(
                missing.name, api.evaluated(relation, record, missing.expression)
            );
        end if;
    end loop;
    return record;
end
$$;

comment on function api.candidate(regclass, jsonb, boolean) is
'The record with its defaults, when it is new, and its generated columns';

create function api.violation(relation regclass, record jsonb, is_new boolean)
    returns table (fault text, column_name text, constraint_name text)
    volatile
    language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    unreadable text[] := array(select api.unreadable_column(relation, record));
    candidate jsonb := api.candidate(relation, record - unreadable, is_new);
begin
    return query
    select 'type', u.name, null::text from unnest(unreadable) as u (name);

    return query
    select 'required', a.attname::text, null::text
    from pg_attribute a
    where a.attrelid = relation and a.attnum > 0 and not a.attisdropped and a.attnotnull
        and a.attname <> all (unreadable)
        -- Of a record that is there, the caller may not know every column.
        and (is_new or candidate ? a.attname::text)
        and coalesce(candidate -> a.attname::text, 'null') = 'null'
    order by a.attnum;

    return query
    select 'check', null::text, c.conname::text
    from pg_constraint c
    where c.conrelid = relation and c.contype = 'c'
        and api.evaluated(relation, candidate, pg_get_expr(c.conbin, c.conrelid)) = 'false'
    order by c.conname;

    return query
    select 'check', null::text, o.name from api.overlap(relation, candidate) as o (name);
end
$$;

comment on function api.violation(regclass, jsonb, boolean) is
'Everything that is wrong with a record: type, required or check, with the column or the '
'constraint';

-- Every role that may write may ask; it learns nothing that the catalogue does not tell it anyway.
grant execute on function
api.evaluated(regclass, jsonb, text),
api.unreadable_column(regclass, jsonb),
api.candidate(regclass, jsonb, boolean), api.violation(regclass, jsonb, boolean) to qryvanta_app;
-- The filters of a query are asked about before anything is known of the record.
grant execute on function api.is_input(text, text) to qryvanta_gateway;

commit;
