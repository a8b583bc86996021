"""Whoever reads the catalogue finds what each thing means."""

from tests.publishing import Connection

SILENT = """
    select format('%I.%I', n.nspname, o.name) as name
    from pg_namespace n
    join (
        select c.relnamespace as schema_id, c.relname as name, obj_description(c.oid, 'pg_class') as comment
        from pg_class c
        where c.relkind in ('r', 'p', 'v') and not c.relispartition
        union all
        select p.pronamespace, p.proname, obj_description(p.oid, 'pg_proc')
        from pg_proc p
    ) o on o.schema_id = n.oid
    where n.nspname in (
            'tenancy', 'identity', 'meta', 'compile', 'publish', 'audit', 'queue', 'api', 'lint'
        )
        and o.comment is null
    order by 1
"""


async def test_every_table_view_and_function_of_ours_says_what_it_means(connection: Connection) -> None:
    assert [row["name"] for row in await connection.fetch(SILENT)] == []
