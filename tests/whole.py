"""All that the catalogue says of an app, to compare two states of it."""

from tests.publishing import Connection

FACTS = """
    select format('column %s.%s %s %s %s %s', table_name, column_name, sql_type, not_null, generated, comment)
    from compile.actual_column
    where schema_name = $1 and table_name !~ '^_dropped_' and column_name !~ '^_dropped_'
    union all
    select format('%s %s.%s %s %s', kind, table_name, name, deparsed, comment)
    from compile.actual_definition($1)
    where table_name !~ '^_dropped_' and name !~ '^_dropped_'
    union all
    select format('grant %s.%s %s %s', table_name, column_name, grantee, privilege)
    from compile.actual_grant($1)
    where table_name !~ '^_dropped_' and column_name !~ '^_dropped_'
    union all
    select format('table %s %s %s %s %s', table_name, owner_name, row_security, force_row_security, comment)
    from compile.actual_table
    where schema_name = $1 and table_name !~ '^_dropped_'
"""


async def facts(connection: Connection, schema: str) -> list[str]:
    """What the catalogue says of a schema, the order of columns and what was set aside left out."""
    return sorted(row[0] for row in await connection.fetch(FACTS, schema))
