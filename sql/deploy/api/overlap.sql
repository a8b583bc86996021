-- Deploy qryvanta:api/overlap to pg
-- requires: api/input tenancy/current
-- Which "no overlap" rules a record breaks: asked of the catalogue, as in api/violation.

begin;

set local role qryvanta_owner;

create function api.row_type(relation regclass)
    returns text
    stable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select string_agg(
        format('%I %s', a.attname, format_type(a.atttypid, a.atttypmod)), ', ' order by a.attnum
    )
    from pg_attribute a
    where a.attrelid = row_type.relation and a.attnum > 0 and not a.attisdropped
$$;

comment on function api.row_type(regclass) is
'The columns of a table as the column list of jsonb_to_record';

create function api.overlap_question(constraint_id oid)
    returns text
    stable
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    -- The expressions are the catalogue's own text; $1 is the record, $2 the tenant.
    select format(
        'select exists (
            select
            from (select %1$s from jsonb_to_record($1) as %2$I (%3$s) where %4$s) n
            join (
                select %1$s
                from %5$s
                where tenant_id = $2 and id is distinct from ($1 ->> ''id'')::uuid and %4$s
            ) o on %6$s
        )',
        string_agg(format('%s as k%s', pg_get_indexdef(i.indexrelid, k.place, false), k.place), ', '),
        min(r.relname::text), api.row_type(i.indrelid),
        coalesce(pg_get_expr(i.indpred, i.indrelid), 'true'), i.indrelid::regclass,
        string_agg(format('n.k%1$s && o.k%1$s', k.place), ' and ')
    )
    from pg_constraint c
    join pg_index i on i.indexrelid = c.conindid
    join pg_class r on r.oid = i.indrelid
    cross join lateral generate_series(1, i.indnkeyatts) as k (place)
    where c.oid = overlap_question.constraint_id
    group by i.indexrelid, i.indrelid, i.indpred
$$;

comment on function api.overlap_question(oid) is
'The query for whether a record ($1) of a tenant ($2) would break an exclusion constraint';

create function api.overlap(relation regclass, record jsonb)
    returns setof text
    stable
    language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
declare
    asked record;
    tenant_id uuid := tenancy.current_id();
    broken boolean;
begin
    for asked in
        select c.conname, api.overlap_question(c.oid) as question
        from pg_constraint c
        where c.conrelid = relation and c.contype = 'x'
        order by c.conname
    loop
        begin
            execute asked.question
            into broken
            using overlap.record || jsonb_build_object('tenant_id', tenant_id), tenant_id;
            if broken then
                return next asked.conname;
            end if;
        exception when others then
            -- What the caller may not read, or a period that is none, is unknown and breaks no rule.
            null;
        end;
    end loop;
end
$$;

comment on function api.overlap(regclass, jsonb) is
'The exclusion constraints that a record would break, as far as the caller sees the other records';

grant execute on function
api.row_type(regclass), api.overlap_question(oid), api.overlap(regclass, jsonb) to qryvanta_app;

commit;
