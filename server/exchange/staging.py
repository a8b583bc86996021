"""The file in a temporary table of texts, one row a line, streamed in by COPY."""

import re
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import BinaryIO

from asyncpg import Connection, PostgresError, Record

from server.exchange.header import Header
from server.exchange.refusal import FileError
from server.exchange.sql import name

CHUNK = 1 << 18  # bytes

# `line` counts records; what line of the file that is, is only asked about rejected ones.
TABLES = """
create temporary table import_line (
    line bigint generated always as identity (cache 1000),
    {columns}
) on commit drop;
create temporary table import_reject (line bigint, {columns}) on commit drop;
create temporary table import_problem (line bigint, place integer, cells text, reason text) on commit drop;
grant select, insert, delete on
    pg_temp.import_line, pg_temp.import_reject, pg_temp.import_problem to {role}
"""


async def stage(
    connection: "Connection[Record]", file: Path, header: Header, role: str, advance: Callable[[int], None]
) -> int:
    """Copy `file` into `pg_temp.import_line` and return the number of its records.

    `advance` hears how many bytes went. Raises FileError.
    """
    columns = ",\n    ".join(f"{column.staged} text" for column in header.columns)
    await connection.execute(TABLES.format(columns=columns, role=name(role)))
    try:
        with file.open("rb") as source:
            status = await connection.copy_to_table(
                "import_line",
                schema_name="pg_temp",
                columns=[column.staged for column in header.columns],
                source=_chunks(source, advance),
                format="csv",
                header=True,
                encoding="utf8",
            )
    except PostgresError as error:
        raise FileError(f"{file.name}, {_words(error)}") from error
    await connection.execute("analyze pg_temp.import_line")
    return int(status.rpartition(" ")[2])


async def _chunks(source: BinaryIO, advance: Callable[[int], None]) -> AsyncIterator[bytes]:
    while chunk := source.read(CHUNK):
        yield chunk
        advance(len(chunk))


def _words(error: PostgresError) -> str:
    """COPY says where it stopped in the context of the error, in lines of the file."""
    found = re.search(r"line (\d+)", getattr(error, "context", None) or "")
    place = f"line {found[1]}: " if found else ""
    if error.sqlstate == "22021":
        return f"{place}this is not UTF-8"
    if "missing data" in str(error):
        return f"{place}fewer values than columns in the header"
    if "extra data" in str(error):
        return f"{place}more values than columns in the header"
    return f"{place}{error}"
