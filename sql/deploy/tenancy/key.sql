-- Deploy qryvanta:tenancy/key to pg
-- requires: tenancy/identifier
-- Keys as ranges of one value: with them an exclusion constraint compares keys by core GiST alone,
-- without the extension btree_gist, which the embedded database has not.

begin;

set local role qryvanta_owner;

create function tenancy.key_range(key bigint)
    returns int8range
    immutable
    strict
    parallel safe
    language sql
-- The range [n, n] is kept as [n, n + 1), which the largest number has not.
return case
    when key = 9223372036854775807 then pg_catalog.int8range(key, null)
    else pg_catalog.int8range(key, key, '[]')
end;

comment on function tenancy.key_range(bigint) is
'The range that holds this number alone; two overlap when the numbers are equal';

create function tenancy.key_high(key uuid)
    returns int8range
    immutable
    strict
    parallel safe
    language sql
return tenancy.key_range(
    (
        'x' || pg_catalog.left(pg_catalog.replace(key::pg_catalog.text, '-', ''), 16)
    )::pg_catalog.bit(64)::bigint
);

comment on function tenancy.key_high(uuid) is
'The first 64 bits of a key, as the range of that number';

create function tenancy.key_low(key uuid)
    returns int8range
    immutable
    strict
    parallel safe
    language sql
return tenancy.key_range(
    (
        'x' || pg_catalog.right(pg_catalog.replace(key::pg_catalog.text, '-', ''), 16)
    )::pg_catalog.bit(64)::bigint
);

comment on function tenancy.key_low(uuid) is
'The last 64 bits of a key, as the range of that number';

-- Whoever writes a record computes the entries of its indexes.
grant execute on function
tenancy.key_range(bigint), tenancy.key_high(uuid), tenancy.key_low(uuid) to qryvanta_app;

commit;
