-- Deploy qryvanta:compile/step to pg
-- requires: compile/role_model
-- The row types of the compiler, and the model as relations.

begin;

set local role qryvanta_owner;

create type compile.step as (
    phase text,
    rank integer,
    kind text,
    target text,
    statement text,
    risk text,
    why text,
    run_as text
);

comment on type compile.step is
'One statement of a plan. risk: safe, takes a lock, scans, rewrites, loses data; run_as: owner '
'(qryvanta_owner), executor (qryvanta_ddl: sees all rows), administrator (who publishes)';

create type compile.definition as (
    kind text,
    schema_name text,
    table_name text,
    name text,
    definition text,
    comment text
);

comment on type compile.definition is
'An object that is compared by its definition: constraint, foreign key, index, default, function,'
' trigger, policy';

create function compile.entity(model jsonb)
    returns table (
        schema_name text, table_name text, entity_id uuid, place bigint, owned boolean,
        audited boolean, recycled boolean, relation boolean, entity jsonb
    )
    immutable
    language sql
begin atomic
    select
        model -> 'app' ->> 'name', e.entity ->> 'name', (e.entity ->> 'id')::uuid, e.position,
        e.entity ->> 'ownership' = 'owned', (e.entity ->> 'audit')::boolean,
        (e.entity ->> 'recycle')::boolean, (e.entity ->> 'relation')::boolean, e.entity
    from jsonb_array_elements(model -> 'entities') with ordinality as e (entity, position);
end;

comment on function compile.entity(jsonb) is 'The tables that a model asks for';

create function compile.field(model jsonb)
    returns table (
        schema_name text, table_name text, place bigint, field_id uuid, name text, type text,
        column_name text, sql_type text, label text, required boolean, formula_sql text,
        default_sql text, target text, field jsonb, recycled boolean
    )
    immutable
    language sql
begin atomic
    select
        e.schema_name, e.table_name, f.position, (f.field ->> 'id')::uuid, f.field ->> 'name',
        f.field ->> 'type', f.field ->> 'column', f.field ->> 'sql_type', f.field ->> 'label',
        (f.field ->> 'required')::boolean, f.field ->> 'formula_sql', f.field ->> 'default_sql',
        f.field ->> 'entity', f.field, e.recycled
    from compile.entity(model) e
    cross join lateral jsonb_array_elements(e.entity -> 'fields') with ordinality
        as f (field, position);
end;

comment on function compile.field(jsonb) is 'The fields that a model asks for';

create function compile.field_column(model jsonb)
    returns table (
        schema_name text, table_name text, place bigint, field_id uuid, name text, part text,
        column_name text, sql_type text, target text, sole boolean, field jsonb
    )
    immutable
    language sql
begin atomic
    select
        f.schema_name, f.table_name, f.place, f.field_id, f.name, c.given ->> 'part',
        c.given ->> 'name', c.given ->> 'sql_type', c.given ->> 'entity',
        jsonb_array_length(f.field -> 'columns') = 1, f.field
    from compile.field(model) f
    cross join lateral jsonb_array_elements(f.field -> 'columns') as c (given);
end;

comment on function compile.field_column(jsonb) is
'The columns of the fields that a model asks for; sole: it is the only one of its field';

commit;
