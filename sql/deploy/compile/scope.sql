-- Deploy qryvanta:compile/scope to pg
-- requires: compile/role_model publish/settled
-- An app may have a thousand tables of which one changes. A plan looks at the tables for which the
-- model asks something else than at the last publish, and at those that somebody touched since; of
-- the others it knows that they are as they should be.

begin;

set local role qryvanta_owner;

create function compile.given_table(manifest jsonb)
    returns table (entity_id uuid, name text, given jsonb)
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select (e.entity ->> 'id')::uuid, e.entity ->> 'name', e.entity
    from jsonb_array_elements(
        (manifest -> 'entities') || coalesce(manifest -> 'relations', '[]')
    ) as e (entity)
$$;

comment on function compile.given_table(jsonb) is 'The entities and relations of a manifest';

create function compile.neighbour(manifest jsonb)
    returns table (name text, neighbour text)
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    -- Whatever a field names and is an entity or a relation; both ways, since triggers reach from
    -- either end to the other.
    with recursive given as materialized (
        select t.name, t.given from compile.given_table(manifest) t
    ),
    gathered as (
        select g.name, split_part(v.value #>> '{}', '.', 1) as child
        from given g
        cross join lateral jsonb_path_query(g.given, '$.fields[*].of') as v (value)
    ),
    -- The type of a rollup of rollups comes from the last of the children.
    below as (
        select g.name, g.child from gathered g
        union
        select b.name, g.child
        from below b
        join gathered g on g.name = b.child
    ),
    named as (
        select b.name, b.child as other from below b
        union all
        select g.name, v.value #>> '{}' as other
        from given g
        cross join lateral jsonb_path_query(g.given, '$.fields[*].* ? (@.type() == "string")')
            as v (value)
        union all
        select g.name, e.other
        from given g
        cross join lateral (values (g.given ->> 'from'), (g.given ->> 'to')) as e (other)
    ),
    pair as (
        select n.name, g.name as neighbour
        from named n
        join given g on g.name = n.other
    )
    select p.name, p.neighbour from pair p
    union
    select p.neighbour, p.name from pair p
$$;

comment on function compile.neighbour(jsonb) is
'Which tables of a manifest speak of each other, both ways';

create function compile.rules_of_compiling()
    returns bigint
    stable
    language sql
    set search_path = pg_catalog, pg_temp
return (
    select bit_xor(hash_record_extended((p.oid, p.xmin::text), 0))
    from pg_catalog.pg_proc p
    where p.pronamespace = 'compile'::regnamespace
);

comment on function compile.rules_of_compiling() is
'A number that another version of the compiler does not have';

create function compile.asked_table(manifest jsonb)
    returns table (entity_id uuid, name text, asked bigint, neighbours text [])
    stable
    language sql
    set search_path = pg_catalog, pg_temp
    set jit = off
    set plan_cache_mode = force_generic_plan
as $$
    with own as materialized (
        select
            t.entity_id, t.name,
            hash_record_extended((jsonb_hash_extended(t.given, 0), g.hash), 0) as hash
        from compile.given_table(manifest) t
        left join (
            select
                x.grant ->> 'entity' as name,
                bit_xor(hash_record_extended((r.role ->> 'name', x.grant), 0)) as hash
            from jsonb_array_elements(coalesce(manifest -> 'roles', '[]')) as r (role)
            cross join lateral jsonb_array_elements(coalesce(r.role -> 'grants', '[]'))
                as x ("grant")
            group by 1
        ) g using (name)
    ),
    beside as (
        select
            n.name, array_agg(n.neighbour) as neighbours,
            bit_xor(hash_record_extended((o.name, o.hash), 0)) as hash
        from compile.neighbour(manifest) n
        join own o on o.name = n.neighbour
        group by n.name
    ),
    shared as materialized (
        select
            jsonb_hash_extended(
                jsonb_build_array(
                    manifest -> 'app', manifest -> 'choices', compile.rules_of_compiling(),
                    -- With it, tables get another index.
                    exists (select from pg_catalog.pg_extension x where x.extname = 'pg_trgm'),
                    (
                        select jsonb_agg(r.role - 'grants')
                        from jsonb_array_elements(coalesce(manifest -> 'roles', '[]')) as r (role)
                    )
                ), 0
            ) as hash
    )
    select
        o.entity_id, o.name, hash_record_extended((o.hash, b.hash, s.hash), 0),
        coalesce(b.neighbours, '{}')
    from own o
    cross join shared s
    left join beside b on b.name = o.name
$$;

comment on function compile.asked_table(jsonb) is
'All that the table of each entity follows from, as a number: the entity, its neighbours, what '
'roles may do with them, what the app shares, and the compiler';

create function compile.table_state(app_id uuid, schema_name text)
    returns table (table_id oid, found bigint)
    stable
    language sql
    set search_path = pg_catalog, pg_temp
    set jit = off
    set plan_cache_mode = force_generic_plan
as $$
    with tables as materialized (
        select c.oid as table_id, c.relname, c.relowner, c.relrowsecurity, c.relforcerowsecurity,
        c.relacl::text as rights
        from pg_catalog.pg_class c
        join pg_catalog.pg_namespace n on n.oid = c.relnamespace
        where n.nspname = table_state.schema_name and c.relkind in ('r', 'p')
    ),
    -- xmin tells that a row of the catalogue was written again.
    object as materialized (
        select
            t.table_id, 'pg_catalog.pg_class'::regclass::oid as class, t.table_id as id,
            hash_record_extended(t, 0) as hash
        from tables t
        union all
        select t.table_id, 'pg_catalog.pg_constraint'::regclass, o.oid,
        hash_record_extended((o.oid, o.xmin::text), 1)
        from tables t
        join pg_catalog.pg_constraint o on o.conrelid = t.table_id
        union all
        select t.table_id, 'pg_catalog.pg_policy'::regclass, o.oid,
        hash_record_extended((o.oid, o.xmin::text), 2)
        from tables t
        join pg_catalog.pg_policy o on o.polrelid = t.table_id
        union all
        select t.table_id, 'pg_catalog.pg_trigger'::regclass, o.oid,
        hash_record_extended((o.oid, o.xmin::text), 3)
        from tables t
        join pg_catalog.pg_trigger o on o.tgrelid = t.table_id and not o.tgisinternal
        union all
        select t.table_id, 'pg_catalog.pg_class'::regclass, o.indexrelid,
        hash_record_extended((o.indexrelid, o.xmin::text, c.relname), 4)
        from tables t
        join pg_catalog.pg_index o on o.indrelid = t.table_id
        join pg_catalog.pg_class c on c.oid = o.indexrelid
        union all
        select t.table_id, 'pg_catalog.pg_attrdef'::regclass, o.oid,
        hash_record_extended((o.oid, o.xmin::text), 5)
        from tables t
        join pg_catalog.pg_attrdef o on o.adrelid = t.table_id
        union all
        select distinct
            t.table_id, 'pg_catalog.pg_class'::regclass::oid, v.oid,
            hash_record_extended((v.oid, v.xmin::text, r.xmin::text), 9)
        from pg_catalog.pg_class v
        join pg_catalog.pg_namespace n on n.oid = v.relnamespace
        join pg_catalog.pg_rewrite r on r.ev_class = v.oid
        join pg_catalog.pg_depend d
            on d.classid = 'pg_catalog.pg_rewrite'::regclass and d.objid = r.oid
        join tables t on t.table_id = d.refobjid
        where n.nspname = table_state.schema_name and v.relkind = 'v'
    ),
    part as (
        select o.table_id, o.hash from object o
        union all
        select t.table_id, hash_record_extended((a.attnum, a.xmin::text), 6)
        from tables t
        join pg_catalog.pg_attribute a on a.attrelid = t.table_id and a.attnum > 0
        union all
        select o.table_id, hash_record_extended((d.objoid, d.objsubid, d.description), 7)
        from object o
        join pg_catalog.pg_description d on d.classoid = o.class and d.objoid = o.id
        union all
        select s.table_id, hash_record_extended((p.oid, p.xmin::text), 8)
        from publish.settled s
        join pg_catalog.pg_proc p on p.proname = any(s.functions)
        join pg_catalog.pg_namespace n on n.oid = p.pronamespace
        where s.app_id = table_state.app_id and n.nspname = table_state.schema_name
    )
    select p.table_id, bit_xor(p.hash)
    from part p
    group by p.table_id
$$;

comment on function compile.table_state(uuid, text) is
'What the catalogue says of each table of an app, as a number: it changes when anybody alters '
'the table, its columns, rights, comments, constraints, indexes, policies, triggers or functions';

create function compile.scope(manifest jsonb)
    returns jsonb
    stable
    language sql
    set search_path = pg_catalog, pg_temp
    set jit = off
    set plan_cache_mode = force_generic_plan
as $$
    with asked as materialized (select * from compile.asked_table(manifest)),
    settled as materialized (
        select a.name, s.table_id, s.functions
        from asked a
        join publish.settled s using (entity_id, asked)
        join compile.table_state((manifest -> 'app' ->> 'id')::uuid, manifest -> 'app' ->> 'name') f
            using (table_id, found)
        where s.app_id = (manifest -> 'app' ->> 'id')::uuid
    ),
    open as materialized (
        select a.name, a.neighbours
        from asked a
        where not exists (select from settled s where s.name = a.name)
    )
    select jsonb_build_object(
        'open', coalesce((select jsonb_object_agg(o.name, true) from open o), '{}'),
        'context',
        coalesce(
            (
                select jsonb_object_agg(n.name, true)
                from open o
                cross join lateral unnest(o.neighbours) as n (name)
                where not exists (select from open x where x.name = n.name)
            ),
            '{}'
        ),
        'settled_tables', (select jsonb_agg(s.table_id) from settled s),
        'settled_functions',
        coalesce(
            (
                select jsonb_agg(f.name)
                from settled s
                cross join lateral unnest(s.functions) as f (name)
            ),
            '[]'
        )
    )
    where exists (select from settled)
$$;

comment on function compile.scope(jsonb) is
'What a plan has to look at: the open tables, those needed to understand them (context), and what '
'is settled: neither asked for anew nor touched since; null when nothing is settled';

create function compile.narrowed(manifest jsonb, scope jsonb)
    returns jsonb
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    with needed as materialized (select (scope -> 'open') || (scope -> 'context') as names)
    select manifest
        || jsonb_build_object(
            'entities',
            (
                select coalesce(jsonb_agg(e.entity order by e.place), '[]')
                from jsonb_array_elements(manifest -> 'entities') with ordinality as e (entity, place)
                where needed.names ? (e.entity ->> 'name')
            ),
            'relations',
            (
                select coalesce(jsonb_agg(r.relation order by r.place), '[]')
                from jsonb_array_elements(coalesce(manifest -> 'relations', '[]')) with ordinality
                    as r (relation, place)
                where needed.names ? (r.relation ->> 'name')
            ),
            'roles',
            (
                select coalesce(
                    jsonb_agg(
                        r.role || jsonb_build_object(
                            'grants',
                            (
                                select coalesce(jsonb_agg(g.grant order by g.place), '[]')
                                from jsonb_array_elements(coalesce(r.role -> 'grants', '[]'))
                                    with ordinality as g ("grant", place)
                                where needed.names ? (g.grant ->> 'entity')
                            )
                        )
                        order by r.place
                    ),
                    '[]'
                )
                from jsonb_array_elements(coalesce(manifest -> 'roles', '[]')) with ordinality
                    as r (role, place)
            )
        )
    from needed
$$;

comment on function compile.narrowed(jsonb, jsonb) is
'A manifest with the entities, relations and grants of a scope alone';

create function compile.scoped(manifest jsonb, whole jsonb default null)
    returns jsonb
    stable
    language plpgsql
    set search_path = pg_catalog, pg_temp
    set jit = off
    set plan_cache_mode = force_generic_plan
as $$
declare
    scope jsonb := compile.scope(scoped.manifest);
    model jsonb;
begin
    if scope is null then
        return coalesce(scoped.whole, compile.resolved(scoped.manifest));
    end if;
    model := compile.resolved(compile.narrowed(scoped.manifest, scope));
    return model
        || jsonb_build_object(
            'context', scope -> 'context',
            'settled_tables', scope -> 'settled_tables',
            'settled_functions', scope -> 'settled_functions'
        );
end
$$;

comment on function compile.scoped(jsonb, jsonb) is
'The model of a manifest as far as a plan has to look at it, and what it need not look at; whole: '
'the resolved manifest, where the caller has it already';

create function compile.in_scope(model jsonb, table_name text)
    returns boolean
    immutable
    language sql
    -- Inlined: asked for every column and object.
return not coalesce(model -> 'context' ? in_scope.table_name, false);

comment on function compile.in_scope(jsonb, text) is
'Whether a table of a model is planned, not only there so that others can be understood';

create function compile.settled_table(model jsonb)
    returns table (table_id oid)
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select t.id::oid
    from jsonb_array_elements_text(coalesce(model -> 'settled_tables', '[]')) as t (id)
$$;

comment on function compile.settled_table(jsonb) is 'The tables that a plan does not look at';

create function compile.settled_name(model jsonb)
    returns table (name text)
    stable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select c.relname::text
    from compile.settled_table(model) s
    join pg_catalog.pg_class c on c.oid = s.table_id
$$;

comment on function compile.settled_name(jsonb) is
'The names of the tables that a plan does not look at';

create function compile.settled_function(model jsonb)
    returns table (name text)
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select f.name
    from jsonb_array_elements_text(coalesce(model -> 'settled_functions', '[]'))
        as f (name)
$$;

comment on function compile.settled_function(jsonb) is 'The functions that a plan does not look at';

commit;
