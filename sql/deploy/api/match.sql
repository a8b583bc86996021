-- Deploy qryvanta:api/match to pg
-- requires: tenancy/current
-- Row security keeps words and patterns from the index, because they are not leakproof. So each
-- searchable entity has a function that runs as qryvanta_search, whose policy lets the index work,
-- and asks this one; the query that takes the ids is under the policies of its caller as ever.

begin;

set local role qryvanta_owner;

create function api.is_frequent(relation regclass, condition text, words tsquery, pattern text)
    returns boolean
    stable
    language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
declare
    share double precision := least(
        100, 100.0 * 120 / greatest(1, pg_relation_size(relation) / current_setting('block_size')::int)
    );
    frequent boolean;
begin
    -- Always the same pages, about 2,000 rows. The condition is of our making.
    execute format(
        'select count(*) >= 8 from %s d tablesample system ($1) repeatable (0) '
        'where d.tenant_id = $2 and %s',
        relation, condition
    )
    into frequent
    using share, tenancy.current_id(), words, pattern;
    return frequent;
end
$$;

comment on function api.is_frequent(regclass, text, tsquery, text) is
'Whether so many rows of the tenant match that going through them in order soon fills a page';

create function api.has_parts(relation regclass)
    returns boolean
    stable
    language sql
    set search_path = pg_catalog, pg_temp
return exists (
    select
    from pg_catalog.pg_index i
    join pg_catalog.pg_opclass o on o.oid = any(i.indclass)
    where i.indrelid = has_parts.relation and i.indisvalid and o.opcname = 'gin_trgm_ops'
);

comment on function api.has_parts(regclass) is
'Whether parts of words are indexed, which the extension pg_trgm does';

create function api.match(relation regclass, document text, words tsquery, pattern text)
    returns uuid[]
    stable
    language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
declare
    most constant integer := 20000;
    tenant_id uuid := tenancy.current_id();
    condition text := case
        when words is not null then 'd.search_document @@ $3'
        else format('(%s) ilike $4', document)
    end;
    ids uuid[];
begin
    if numnode(words) = 0
        or (pattern is not null and not api.has_parts(relation))
        or api.is_frequent(relation, condition, words, pattern)
    then
        return null;
    end if;
    -- The tenant is a word of each document: the index finds what is in both lists.
    execute format(
        'select array(select d.id from %s d where d.tenant_id = $2 and %s limit $1)',
        relation, condition
    )
    into ids
    using most + 1, tenant_id, words && format('''tenant:%s''', tenant_id)::tsquery, pattern;
    return case when cardinality(ids) <= most then ids end;
end
$$;

comment on function api.match(regclass, text, tsquery, text) is
'The ids of the tenant''s rows with these words, or with this pattern (as of ilike) in their '
'searched text; null when there are too many or no index, and the caller had better go through '
'the rows';

grant usage on schema api, tenancy to qryvanta_search;
grant execute on function tenancy.current_id() to qryvanta_search;
grant execute on function
api.is_frequent(regclass, text, tsquery, text), api.has_parts(regclass),
api.match(regclass, text, tsquery, text) to qryvanta_search;

commit;
