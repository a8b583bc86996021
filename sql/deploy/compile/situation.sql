-- Deploy qryvanta:compile/situation to pg
-- requires: compile/column compile/conversion publish/remedy
-- A model beside what is there for it, looked up once: what all steps of a plan compare with.

begin;

set local role qryvanta_owner;

create function compile.with_remedies(model jsonb)
    returns jsonb
    stable
    language sql
    set search_path = pg_catalog, pg_temp
return model || jsonb_build_object(
    'remedies',
    coalesce(model -> 'remedies', (
        select jsonb_agg(to_jsonb(r) - 'app_id' - 'given_at' - 'given_by')
        from publish.remedy r
        where r.app_id = (model -> 'app' ->> 'id')::uuid
    ), '[]')
);

comment on function compile.with_remedies(jsonb) is
'A model with what was decided about its rows, unless it says that itself';

create function compile.remedy(model jsonb)
    returns table (element_id uuid, action text, expression_sql text, mapping jsonb)
    immutable
    rows 5
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select r.*
    from jsonb_to_recordset(model -> 'remedies') as r (
        element_id uuid, action text, expression_sql text, mapping jsonb
    )
$$;

comment on function compile.remedy(jsonb) is 'The remedies of a model';

create function compile.mapped_value(value text, mapping jsonb)
    returns text
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
return (
    select format(
        'case %1$s::text %2$s else %1$s::text end', mapped_value.value,
        string_agg(format('when %L then %L', m.key, m.value), ' ' order by m.key)
    )
    from jsonb_each_text(mapping) as m (key, value)
);

comment on function compile.mapped_value(text, jsonb) is 'A value as text, some replaced by others';

create function compile.remedied_conversion(
    from_type text, to_type text, value text, mapping jsonb
)
    returns table (expression text, loss text)
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select c.expression, c.loss
    from compile.conversion(
        case when mapping is null then from_type else 'text' end, to_type,
        case when mapping is null then value
            else format('(%s)', compile.mapped_value(value, mapping)) end
    ) c
$$;

comment on function compile.remedied_conversion(text, text, text, jsonb) is
'compile.conversion() of a value of which some are mapped to others first, as text';

create function compile.planned_column(model jsonb)
    returns table (
        schema_name text, found_table text, table_name text, found_name text, column_name text,
        table_id oid, column_no smallint, sql_type text, not_null boolean, generated boolean,
        comment text, replaced text, planned boolean
    )
    stable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    -- A large table gets a new column, also one of a new type, beside the others: filled, indexed
    -- and checked while people work, it takes its name when the version goes live.
    select
        t.schema_name, t.found_name, t.table_name, compile.next_name(d.column_name, d.sql_type),
        d.column_name, t.table_id, null::smallint, d.sql_type,
        d.not_null and a.found_name is null and r.element_id is null
            and not compile.draws_number(d.default_sql),
        false, null, null, true
    from compile.live_table(model) t
    join compile.desired_column(model) d using (schema_name, table_name)
    left join compile.live_column(model) a using (schema_name, table_name, column_name)
    left join (
        select distinct x.element_id from compile.remedy(model) x where x.action <> 'new_rows'
    ) r on r.element_id = d.element_id
    where t.large
        and d.formula_sql is null
        -- It is computed again where it is.
        and not compile.is_rollup(d.comment)
        and a.generated is not true
        and case
            when a.found_name is null then true
            when a.found_name = compile.next_name(d.column_name, d.sql_type) then false
            else r.element_id is not null
                or (
                    a.sql_type <> d.sql_type
                    and (
                        compile.rewrites(a.sql_type, d.sql_type)
                        or exists (
                            select
                            from compile.conversion(a.sql_type, d.sql_type, 'x') c
                            where c.loss is not null
                        )
                    )
                )
        end
$$;

comment on function compile.planned_column(jsonb) is
'The columns that are yet to be prepared on large tables';

create function compile.situated(model jsonb)
    returns jsonb
    stable
    language plpgsql
    set search_path = pg_catalog, pg_temp
    set jit = off
    set plan_cache_mode = force_generic_plan
as $$
declare
    known jsonb := compile.with_remedies(model);
    coming jsonb;
begin
    known := known || jsonb_build_object(
        'live_tables',
        coalesce((select jsonb_agg(to_jsonb(t)) from compile.found_table(known) t), '[]')
    );
    known := known || jsonb_build_object(
        'live_columns',
        coalesce((select jsonb_agg(to_jsonb(c)) from compile.found_column(known) c), '[]')
    );
    coming := (select jsonb_agg(to_jsonb(c)) from compile.planned_column(known) c);
    if coming is null then
        return known;
    end if;
    return known || jsonb_build_object(
        'live_columns',
        coming || (
            select jsonb_agg(
                case
                    when p.found_name is null then to_jsonb(c)
                    else to_jsonb(c) || jsonb_build_object('column_name', null, 'replaced', p.column_name)
                end
            )
            from compile.live_column(known) c
            left join jsonb_to_recordset(coming) as p (
                table_name text, column_name text, found_name text
            ) using (table_name, column_name)
        )
    );
end
$$;

comment on function compile.situated(jsonb) is
'A model with its remedies and with the tables and columns that are there for it';

commit;
