-- Deploy qryvanta:compile/file to pg
-- requires: compile/step
-- What a file or image field adds to its table: the reference, its index, and the trigger that
-- gives a file to its record. The trigger checks size and type, which stand with the file.

begin;

set local role qryvanta_owner;

create function compile.file_column(model jsonb)
    returns table (
        schema_name text, table_name text, place bigint, name text, column_name text,
        field_id uuid, label text, max_size bigint, accept text[]
    )
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select
        f.schema_name, f.table_name, f.place, f.name, f.column_name, f.field_id, f.label,
        (f.field ->> 'max_size')::bigint,
        case
            when jsonb_typeof(f.field -> 'accept') = 'array'
                then array(select jsonb_array_elements_text(f.field -> 'accept'))
        end
    from compile.field(model) f
    where f.type in ('file', 'image')
$$;

comment on function compile.file_column(jsonb) is 'The columns that refer to stored files';

create function compile.file_definition(model jsonb)
    returns setof compile.definition
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select
        d.kind, f.schema_name, f.table_name, d.name,
        format(
            d.template, f.column_name, d.name, f.schema_name, f.table_name, f.name, f.field_id,
            f.max_size, coalesce(f.accept::text, '')
        ),
        d.meaning
    from compile.file_column(model) f
    cross join lateral (values
        (
            'foreign_key', compile.derived_name(format('%s_%s_fkey', f.table_name, f.name)),
            'foreign key (tenant_id, %1$I) references storage.file (tenant_id, file_id)',
            format('%s must be a file that was sent for this record', f.label)
        ),
        (
            'index', compile.derived_name(format('%s_%s_idx', f.table_name, f.name)),
            'create index %2$I on %3$I.%4$I (tenant_id, %1$I)', null
        ),
        (
            'trigger', compile.derived_name(format('%s_%s_file', f.table_name, f.name)),
            'create trigger %2$I after insert or delete or update of %1$I on %3$I.%4$I for each row'
            || ' execute function storage.attach(%5$L, %1$L, %6$L, %7$L, %8$L)',
            null
        )
    ) as d (kind, name, template, meaning)
$$;

comment on function compile.file_definition(jsonb) is
'The references, indexes and triggers of file fields';

create function compile.file_size(bytes bigint)
    returns text
    immutable
    language sql
return case
    when bytes % 1048576 = 0 then format('%s MB', bytes / 1048576)
    when bytes % 1024 = 0 then format('%s kB', bytes / 1024)
    else format('%s bytes', bytes)
end;

comment on function compile.file_size(bigint) is 'A size in the largest unit that is exact';

create function compile.file_constraint(model jsonb)
    returns table (table_name text, place bigint, item jsonb)
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select
        f.table_name, f.place,
        jsonb_build_object(
            'name', compile.derived_name(concat_ws('_', f.table_name, f.name, c.suffix)),
            'kind', c.kind, 'fields', jsonb_build_array(f.name), 'rule', c.rule,
            'message', c.message
        )
    from compile.file_column(model) f
    cross join lateral (values
        (
            'fkey', 'foreign', null,
            format('%s must be a file that was sent for this record', f.label)
        ),
        (
            'max_size_check', 'check', 'max_size',
            format('%s may have at most %s', f.label, compile.file_size(f.max_size))
        ),
        (
            'accept_check', 'check', 'accept',
            format('%s must be one of %s', f.label, array_to_string(f.accept, ', '))
        )
    ) as c (suffix, kind, rule, message)
$$;

comment on function compile.file_constraint(jsonb) is
'What file fields can refuse, for the errors of the API';

commit;
