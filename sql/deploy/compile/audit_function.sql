-- Deploy qryvanta:compile/audit_function to pg
-- requires: compile/step audit/change
-- The functions of the audit triggers: statement-level, with the columns of the table unrolled, so
-- that an update compares column by column and writes what changed.

begin;

set local role qryvanta_owner;

create function compile.audited_column(model jsonb)
    returns table (
        schema_name text, table_name text, column_name text, place bigint, sensitive boolean
    )
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select f.schema_name, f.table_name, f.column_name, f.place, (f.field ->> 'sensitive')::boolean
    from compile.field_column(model) f
    -- The history of a rollup is that of its children.
    where not (f.field ->> 'derived')::boolean
    union all
    select e.schema_name, e.table_name, 'owner_id', 10001, false
    from compile.entity(model) e
    where e.owned
    union all
    select e.schema_name, e.table_name, 'deleted_at', 10007, false
    from compile.entity(model) e
    where e.recycled
$$;

comment on function compile.audited_column(jsonb) is
'The columns whose values the change log keeps; of a sensitive one only that it changed';

create function compile.audit_body(body text, schema_name text, function_name text)
    returns text
    immutable
    language sql
return format(
    $template$create or replace function %I.%I()
    returns trigger
    language plpgsql
    security definer
    set search_path = pg_catalog, pg_temp
as $audit$
#variable_conflict use_variable
-- A field may be called like one of these variables.
declare
    actor_id uuid := tenancy.current_user_id();
    source text := coalesce(audit.setting('source'), 'sql');
    reason text := audit.setting('reason');
    request_id text := audit.setting('request_id');
begin
    insert into audit.change (
        tenant_id, operation, relation, entity_id, row_id, actor_id, source, reason, request_id,
        old_values, new_values
    )
    %s;
    return null;
end
$audit$$template$,
    audit_body.schema_name, audit_body.function_name, audit_body.body
);

comment on function compile.audit_body(text, text, text) is
'An audit trigger function around its select';

create function compile.whole_row_select(alias text, operation text, columns text)
    returns text
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
return format(
    'select r.tenant_id, %L, tg_relid, tg_argv[0]::uuid, r.id, actor_id, source, reason,
        request_id, %s
    from %I r
    cross join lateral (select %s) v',
    operation,
    case operation when 'I' then 'null, to_jsonb(v.*)' else 'to_jsonb(v.*), null' end,
    alias,
    columns
);

comment on function compile.whole_row_select(text, text, text) is
'The log rows of an insert (I) or delete (D): all columns';

create function compile.difference_select(differs_old text, differs_new text)
    returns text
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
return format(
    'select n.tenant_id, ''U'', tg_relid, tg_argv[0]::uuid, n.id, actor_id, source, reason,
        request_id, d.old_values, d.new_values
    from new_rows n
    join old_rows o on o.tenant_id = n.tenant_id and o.id = n.id
    cross join lateral (
        select
            %s as old_values,
            %s as new_values
    ) d
    where d.new_values <> ''{}''',
    differs_old, differs_new
);

comment on function compile.difference_select(text, text) is
'The log rows of an update: the changed columns, none where nothing changed';

create function compile.audit_function(model jsonb)
    returns setof compile.definition
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select
        'function', t.schema_name, t.table_name, f.name,
        compile.audit_body(f.body, t.schema_name, f.name), null
    from (
        select
            e.schema_name, e.table_name,
            -- What only sums up its children has no value of its own.
            coalesce(string_agg(
                case when c.sensitive then format('%L::text as %I', '***', c.column_name)
                    else format('r.%I', c.column_name) end,
                ', '
                order by c.place, c.column_name
            ) filter (where c.column_name is not null), '') as columns,
            coalesce(string_agg(
                format(
                    'case when o.%1$I is distinct from n.%1$I then jsonb_build_object(%1$L, %2$s) else ''{}'' end',
                    c.column_name,
                    case when c.sensitive then '''***''' else format('o.%I', c.column_name) end
                ),
                E'\n            || '
                order by c.place, c.column_name
            ) filter (where c.column_name is not null), '''{}''::jsonb') as differs_old,
            coalesce(string_agg(
                format(
                    'case when o.%1$I is distinct from n.%1$I then jsonb_build_object(%1$L, %2$s) else ''{}'' end',
                    c.column_name,
                    case when c.sensitive then '''***''' else format('n.%I', c.column_name) end
                ),
                E'\n            || '
                order by c.place, c.column_name
            ) filter (where c.column_name is not null), '''{}''::jsonb') as differs_new
        from compile.entity(model) e
        left join compile.audited_column(model) c using (schema_name, table_name)
        where e.audited
        group by e.schema_name, e.table_name
    ) t
    cross join lateral (values
        (
            compile.derived_name(t.table_name || '_audit_insert'),
            compile.whole_row_select('new_rows', 'I', t.columns)
        ),
        (
            compile.derived_name(t.table_name || '_audit_update'),
            compile.difference_select(t.differs_old, t.differs_new)
        ),
        (
            compile.derived_name(t.table_name || '_audit_delete'),
            compile.whole_row_select('old_rows', 'D', t.columns)
        )
    ) as f (name, body)
$$;

comment on function compile.audit_function(jsonb) is 'The audit trigger functions of a model';

commit;
