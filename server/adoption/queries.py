"""What is asked of PostgreSQL's catalogue; $1 is the name of the schema."""

TABLES = """
select c.oid, c.relname::text as name, c.relkind::text as kind, obj_description(c.oid, 'pg_class') as comment,
    exists (select from pg_inherits i where i.inhrelid = c.oid) as child
from pg_catalog.pg_class c
where c.relnamespace = to_regnamespace(quote_ident($1)) and c.relkind in ('r', 'p') and not c.relispartition
    and c.relname not like '\\_%'
order by c.oid
"""
COLUMNS = """
select a.attrelid as table_id, a.attname::text as name,
    a.attnotnull or coalesce(t.typnotnull, false) as required,
    format_type(a.atttypid, a.atttypmod) as written,
    base.name as type, base.modifier, base.enum as labels, base.element, t.typtype = 'd' as domain,
    case when a.attgenerated = '' then pg_get_expr(d.adbin, d.adrelid) end as default,
    case when a.attgenerated <> '' then pg_get_expr(d.adbin, d.adrelid) end as formula,
    a.attidentity <> '' or coalesce(pg_get_expr(d.adbin, d.adrelid) like 'nextval(%', false) as counted,
    coalesce(
        col_description(a.attrelid, a.attnum),
        case when t.typtype = 'd' then obj_description(t.oid, 'pg_type') end
    ) as comment,
    array(
        select regexp_replace(pg_get_expr(k.conbin, 0), '\\mVALUE\\M', quote_ident(a.attname), 'g')
        from pg_catalog.pg_constraint k where k.contypid = t.oid and k.contype = 'c'
    ) as checks
from pg_catalog.pg_attribute a
join pg_catalog.pg_class c on c.oid = a.attrelid
join pg_catalog.pg_type t on t.oid = a.atttypid
left join pg_catalog.pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
cross join lateral (
    with recursive inner_type as (
        select t.oid as id, a.atttypmod as modifier
        union all
        select o.typbasetype, case when o.typtypmod >= 0 then o.typtypmod else i.modifier end
        from inner_type i
        join pg_catalog.pg_type o on o.oid = i.id and o.typtype = 'd'
    )
    select
        case when e.oid is null then format_type(b.oid, null) else format_type(e.oid, null) end as name,
        i.modifier, e.oid is not null as element,
        (
            select array_agg(l.enumlabel::text order by l.enumsortorder)
            from pg_catalog.pg_enum l where l.enumtypid = coalesce(e.oid, b.oid)
        ) as enum
    from inner_type i
    join pg_catalog.pg_type b on b.oid = i.id and b.typtype <> 'd'
    left join pg_catalog.pg_type e on e.oid = b.typelem and b.typcategory = 'A'
) base
where c.relnamespace = to_regnamespace(quote_ident($1)) and c.relkind in ('r', 'p') and not c.relispartition
    and a.attnum > 0 and not a.attisdropped and a.attname not like '\\_%'
order by a.attrelid, a.attnum
"""
CONSTRAINTS = """
select k.conrelid as table_id, k.conname::text as name, k.contype::text as kind, k.confrelid as target_id,
    k.confdeltype::text as on_delete, k.convalidated as valid, pg_get_expr(k.conbin, k.conrelid) as condition,
    array(
        select a.attname::text from unnest(k.conkey) with ordinality as n (number, place)
        join pg_catalog.pg_attribute a on a.attrelid = k.conrelid and a.attnum = n.number order by n.place
    ) as columns,
    array(
        select a.attname::text from unnest(k.confkey) with ordinality as n (number, place)
        join pg_catalog.pg_attribute a on a.attrelid = k.confrelid and a.attnum = n.number order by n.place
    ) as target_columns,
    obj_description(k.oid, 'pg_constraint') as comment
from pg_catalog.pg_constraint k
join pg_catalog.pg_class c on c.oid = k.conrelid
where c.relnamespace = to_regnamespace(quote_ident($1)) and k.contype in ('p', 'u', 'f', 'c', 'x')
    and not c.relispartition and c.relkind in ('r', 'p') and k.conparentid = 0
order by k.conrelid, k.contype, k.conname
"""
INDEXES = """
select i.indrelid as table_id, x.relname::text as name, i.indisunique as is_unique,
    i.indpred is null and i.indexprs is null and m.amname = 'btree' as plain,
    pg_get_indexdef(x.oid) as definition,
    array(
        select a.attname::text from unnest(i.indkey::int2[]) with ordinality as n (number, place)
        join pg_catalog.pg_attribute a on a.attrelid = i.indrelid and a.attnum = n.number
        where n.place <= i.indnkeyatts order by n.place
    ) as columns
from pg_catalog.pg_index i
join pg_catalog.pg_class x on x.oid = i.indexrelid
join pg_catalog.pg_am m on m.oid = x.relam
join pg_catalog.pg_class c on c.oid = i.indrelid
where c.relnamespace = to_regnamespace(quote_ident($1)) and c.relkind in ('r', 'p') and not c.relispartition
    and not exists (
        select from pg_catalog.pg_constraint k where k.conindid = x.oid and k.contype in ('p', 'u', 'x')
    )
order by i.indrelid, x.relname
"""
OTHERS = """
select case c.relkind when 'v' then 'view' when 'm' then 'materialized view' when 'f' then 'foreign table'
    else 'sequence' end as kind, c.relname::text as name
from pg_catalog.pg_class c
where c.relnamespace = to_regnamespace(quote_ident($1)) and c.relkind in ('v', 'm', 'f', 'S')
    and not exists (
        select from pg_catalog.pg_depend d
        where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype in ('a', 'i')
            and c.relkind = 'S'
    )
union all
select case p.prokind when 'p' then 'procedure' else 'function' end, p.oid::regprocedure::text
from pg_catalog.pg_proc p
where p.pronamespace = to_regnamespace(quote_ident($1))
union all
select 'trigger', format('%s on %s', t.tgname, c.relname)
from pg_catalog.pg_trigger t
join pg_catalog.pg_class c on c.oid = t.tgrelid
where c.relnamespace = to_regnamespace(quote_ident($1)) and not t.tgisinternal
union all
select 'policy', format('%s on %s', p.polname, c.relname)
from pg_catalog.pg_policy p
join pg_catalog.pg_class c on c.oid = p.polrelid
where c.relnamespace = to_regnamespace(quote_ident($1))
union all
select 'rule', format('%s on %s', r.rulename, c.relname)
from pg_catalog.pg_rewrite r
join pg_catalog.pg_class c on c.oid = r.ev_class
where c.relnamespace = to_regnamespace(quote_ident($1)) and r.rulename <> '_RETURN'
order by 1, 2
"""
