-- Deploy qryvanta:publish/selection to pg
-- requires: publish/part publish/history
-- Some entities of one manifest put into another, with what they need.

begin;

set local role qryvanta_owner;

create function publish.selectable(manifest jsonb)
    returns table (section text, ident text, name text, place bigint, given jsonb)
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select s.section, coalesce(e.given ->> 'id', e.given ->> 'name'), e.given ->> 'name', e.place,
        e.given
    from (values ('entities'), ('relations')) as s (section)
    cross join lateral jsonb_array_elements(coalesce(manifest -> s.section, '[]')) with ordinality
        as e (given, place)
$$;

comment on function publish.selectable(jsonb) is 'The entities and relations of a manifest';

create function publish.needed_names(given jsonb)
    returns setof text
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select v.value #>> '{}'
    from (values ('$.from'), ('$.to'), ('$.fields[*].entity'), ('$.fields[*].entities[*]'))
        as p (path)
    cross join lateral jsonb_path_query(given, p.path::jsonpath) as v (value)
    union
    -- A rollup is kept by what happens to the children.
    select split_part(v.value #>> '{}', '.', 1)
    from jsonb_path_query(given, '$.fields[*].of') as v (value)
$$;

comment on function publish.needed_names(jsonb) is 'The entities that an entity refers to';

create function publish.chosen(source jsonb, base jsonb, names text [])
    returns text []
    stable
    language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
declare
    unknown text;
    idents text[];
    grown text[];
begin
    select string_agg(n.name, ', ') into unknown
    from unnest(names) as n (name)
    where n.name not in (
        select s.name from publish.selectable(source) s
        union
        select b.name from publish.selectable(base) b
    );
    if unknown is not null then
        raise exception 'there is no entity %', unknown using errcode = 'P0002';
    end if;
    idents := array(
        select s.ident from publish.selectable(source) s where s.name = any (names)
        union
        select b.ident from publish.selectable(base) b
        where b.name = any (names)
            and not exists (select from publish.selectable(source) s where s.name = b.name)
    );
    loop
        grown := array(
            select i.ident from unnest(idents) as i (ident)
            union
            select t.ident
            from publish.selectable(source) s
            cross join lateral publish.needed_names(s.given) as n (name)
            join publish.selectable(source) t on t.name = n.name
            where s.ident = any (idents)
                and not exists (select from publish.selectable(base) b where b.ident = t.ident)
        );
        exit when cardinality(grown) = cardinality(idents);
        idents := grown;
    end loop;
    return array(
        select i.ident from unnest(idents) as i (ident)
        union
        -- A relation goes with an end when the other end is there too, and leaves with it.
        select r.ident
        from publish.selectable(source) r
        where r.section = 'relations'
            and exists (
                select from publish.selectable(source) e
                where e.name in (r.given ->> 'from', r.given ->> 'to') and e.ident = any (idents)
            )
            and not exists (
                select from publish.selectable(source) e
                where e.name in (r.given ->> 'from', r.given ->> 'to') and e.ident <> all (idents)
                    and not exists (select from publish.selectable(base) b where b.ident = e.ident)
            )
        union
        select r.ident
        from publish.selectable(base) r
        where r.section = 'relations'
            and not exists (select from publish.selectable(source) s where s.ident = r.ident)
            and exists (
                select from publish.selectable(base) e
                where e.name in (r.given ->> 'from', r.given ->> 'to') and e.ident = any (idents)
            )
    );
end
$$;

comment on function publish.chosen(jsonb, jsonb, text []) is
'The identities of the named entities of a source and of what they need that a base lacks; raises '
'P0002 for an unknown name';

create function publish.renamed(given jsonb, names jsonb)
    returns jsonb
    immutable
    language sql
    set search_path = pg_catalog, pg_temp
return publish.identified(given - 'fields', names)
|| case
    when jsonb_typeof(given -> 'fields') = 'array' then jsonb_build_object(
        'fields',
        (
            select jsonb_agg(publish.identified(f.field, names) order by f.place)
            from jsonb_array_elements(given -> 'fields') with ordinality as f (field, place)
        )
    )
    when given ? 'fields' then jsonb_build_object('fields', given -> 'fields')
    else '{}'
end;

comment on function publish.renamed(jsonb, jsonb) is
'An entity, relation or grant in which references to entities go by their new names';

create function publish.merged_entities(source jsonb, base jsonb, idents text [])
    returns table (origin text, section text, ident text, name text, place bigint, given jsonb)
    stable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select case when b.ident = any (idents) then 'source' else 'base' end, b.section, b.ident,
        coalesce(s.name, b.name), b.place, coalesce(s.given, b.given)
    from publish.selectable(base) b
    left join publish.selectable(source) s on s.ident = b.ident and b.ident = any (idents)
    where b.ident <> all (idents) or s.ident is not null
    union all
    select 'source', s.section, s.ident, s.name, 100000 + s.place, s.given
    from publish.selectable(source) s
    where s.ident = any (idents)
        and not exists (select from publish.selectable(base) b where b.ident = s.ident)
$$;

comment on function publish.merged_entities(jsonb, jsonb, text []) is
'The entities and relations of a base with the chosen ones of a source in their place, in order';

create function publish.new_names(manifest jsonb, source jsonb, base jsonb, idents text [])
    returns jsonb
    stable
    language sql
    set search_path = pg_catalog, pg_temp
return (
    select coalesce(jsonb_object_agg(o.name, m.name), '{}')
    from publish.selectable(new_names.manifest) o
    join publish.merged_entities(source, base, idents) m on m.ident = o.ident
);

comment on function publish.new_names(jsonb, jsonb, jsonb, text []) is
'How the entities of one of the two manifests are called in the merged one';

create function publish.merged_roles(source jsonb, base jsonb, idents text [])
    returns jsonb
    stable
    language sql
    set search_path = pg_catalog, pg_temp
return (
    with new_name as materialized (
        select publish.new_names(base, source, base, idents) as of_base,
            publish.new_names(source, source, base, idents) as of_source
    ),

    chosen as materialized (
        select m.name from publish.merged_entities(source, base, idents) m where m.origin = 'source'
    ),

    role as (
        select
            coalesce(b.place, 100000 + s.place) as place, coalesce(b.given, s.given) as given,
            b.given -> 'grants' as base_grants, s.given -> 'grants' as source_grants,
            s.given is null as only_base
        from jsonb_array_elements(coalesce(base -> 'roles', '[]')) with ordinality
            as b (given, place)
        full join jsonb_array_elements(coalesce(source -> 'roles', '[]')) with ordinality
            as s (given, place)
            on coalesce(s.given -> 'id', s.given -> 'name')
            = coalesce(b.given -> 'id', b.given -> 'name')
    ),

    right_of as (
        select r.place as role, 1 as part, g.place, publish.renamed(g.given, n.of_base) as given
        from role r
        cross join new_name n
        cross join lateral jsonb_array_elements(coalesce(r.base_grants, '[]')) with ordinality
            as g (given, place)
        where r.only_base
            or n.of_base ->> (g.given ->> 'entity') not in (select c.name from chosen c)
        union all
        select
            r.place, case when b.place is null then 2 else 1 end, coalesce(b.place, g.place),
            publish.renamed(g.given, n.of_source)
        from role r
        cross join new_name n
        cross join lateral jsonb_array_elements(coalesce(r.source_grants, '[]')) with ordinality
            as g (given, place)
        left join lateral jsonb_array_elements(coalesce(r.base_grants, '[]')) with ordinality
            as b (given, place)
            on n.of_base ->> (b.given ->> 'entity') = n.of_source ->> (g.given ->> 'entity')
        where n.of_source ->> (g.given ->> 'entity') in (select c.name from chosen c)
    )

    select jsonb_agg(
        r.given || jsonb_build_object('grants', coalesce(g.grants, '[]')) order by r.place
    )
    from role r
    left join (
        select x.role, jsonb_agg(x.given order by x.part, x.place) as grants
        from right_of x
        group by x.role
    ) g on g.role = r.place
    -- A new role comes with rights on what was chosen; an app with the default roles keeps them.
    where r.place < 100000
        or (g.grants is not null and (base -> 'roles' is not null or base -> 'entities' is null))
);

comment on function publish.merged_roles(jsonb, jsonb, text []) is
'The roles of a base with their rights on the chosen entities as in a source';

create function publish.selection(source jsonb, base jsonb, names text [])
    returns table (manifest jsonb, along text [])
    stable
    language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
declare
    idents text[] := publish.chosen(source, base, selection.names);
    merged jsonb;
    lost record;
    lists jsonb;
    of_source jsonb := publish.new_names(source, source, base, idents);
    of_base jsonb := publish.new_names(base, source, base, idents);
begin
    select e.name, n.name as needed into lost
    from publish.merged_entities(source, base, idents) e
    cross join lateral publish.needed_names(e.given) as n (name)
    where not case e.origin when 'source' then of_source else of_base end ? n.name
    limit 1;
    if found then
        raise exception '% refers to %, which would not be there: choose % too',
            lost.name, lost.needed, lost.name
            using errcode = 'QP004';
    end if;
    select jsonb_object_agg(p.section, p.items) into merged
    from (
        select
            m.section,
            jsonb_agg(
                publish.renamed(
                    m.given, case m.origin when 'source' then of_source else of_base end
                )
                order by m.place
            ) as items
        from publish.merged_entities(source, base, idents) m
        group by m.section
    ) p;
    select jsonb_object_agg(l.name, source -> 'choices' -> l.name) into lists
    from (
        select distinct f.field ->> 'choices' as name
        from publish.merged_entities(source, base, idents) m
        cross join lateral jsonb_array_elements(coalesce(m.given -> 'fields', '[]')) as f (field)
        where m.origin = 'source' and jsonb_typeof(f.field -> 'choices') = 'string'
    ) l
    where source -> 'choices' ? l.name;
    return query
    select
        jsonb_build_object('qryvanta', 1, 'app', coalesce(base -> 'app', source -> 'app'))
        || coalesce(base - array['entities', 'relations', 'roles'], '{}')
        || merged
        || jsonb_strip_nulls(jsonb_build_object(
            'choices',
            nullif(coalesce(base -> 'choices', '{}') || coalesce(lists, '{}'), '{}'),
            'roles', publish.merged_roles(source, base, idents)
        )),
        array(
            select m.name
            from publish.merged_entities(source, base, idents) m
            where m.ident = any (idents) and m.name <> all (selection.names)
                and not exists (
                    select from publish.selectable(base) b
                    where b.ident = m.ident and b.given = m.given
                )
            union all
            select 'choices ' || l.key
            from jsonb_each(coalesce(lists, '{}')) as l
            where base -> 'choices' -> l.key is distinct from l.value
            order by 1
        );
end
$$;

comment on function publish.selection(jsonb, jsonb, text []) is
'A base manifest (null for none) with the named entities as in a source: with the entities they '
'need that the base lacks, their relations, choice lists and the rights of roles on them; along: '
'what came besides those named. A name that only the base has is removed. Raises QP004 when '
'something else would refer to what is not there';

create function publish.entities(
    app_id uuid, names text [], reason text default null, allow_data_loss boolean default false
)
    returns setof compile.step
    volatile
    language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
declare
    draft jsonb := meta.manifest(entities.app_id);
    owner_id uuid := (select a.tenant_id from meta.app a where a.app_id = entities.app_id);
    chosen jsonb := (
        select s.manifest
        from publish.selection(draft, publish.current_manifest(entities.app_id), entities.names) s
    );
    steps compile.step[];
begin
    perform meta.store(chosen, owner_id);
    steps := array(select s from publish.app(entities.app_id, entities.reason, allow_data_loss) s);
    perform meta.store(draft, owner_id);
    return query select * from unnest(steps);
end
$$;

comment on function publish.entities(uuid, text [], text, boolean) is
'Publishes the named entities of a draft with what they need, whole or not at all; the rest of '
'the draft stays the draft. The steps that ran. Raises as publish.app and publish.selection';

commit;
