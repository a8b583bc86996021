"""Plain schemas as people have them: Northwind, a shop of films, the tables of pgbench."""

import csv
import re
from pathlib import Path

from tests.publishing import Connection

HERE = Path(__file__).parent
DATA = HERE.parents[2] / "docs/examples/northwind/data"
NORTHWIND = (HERE / "northwind.sql").read_text()
FILMS = (HERE / "films.sql").read_text()
PGBENCH = (HERE / "pgbench.sql").read_text()


async def northwind(connection: Connection) -> None:
    """Load Northwind as plain tables with its own keys."""
    await connection.execute(NORTHWIND)
    for table in re.findall(r"create table trade\.(\w+)", NORTHWIND):
        path = DATA / f"{table}.csv"
        with path.open(newline="") as file:
            header = next(csv.reader(file))
        await connection.copy_to_table(
            table, schema_name="trade", source=path, columns=header, format="csv", header=True
        )
