"""The rejected lines: the file that people mend, and the list that they read first."""

import csv
import io
from dataclasses import dataclass
from pathlib import Path

from asyncpg import Connection, Record

from server.exchange.header import REMARKS, Header
from server.exchange.refusal import FileError

# A record takes one line, and one more for each line break inside its values.
REJECTED = """
with breaks as (
    select l.line, {breaks} as extra from pg_temp.import_line l
    union all
    select l.line, {breaks} from pg_temp.import_reject l
),
position as (
    select
        b.line,
        {header} + row_number() over (order by b.line)
        + coalesce(sum(b.extra) over (order by b.line rows between unbounded preceding and 1 preceding), 0)
        as file_line
    from breaks b
),
problem as (
    select
        d.line, string_agg(d.cells, ', ' order by d.place, d.reason) as cells,
        string_agg(d.reason, '; ' order by d.place, d.reason) as reason
    from (select distinct p.line, p.place, p.cells, p.reason from pg_temp.import_problem p) d
    group by d.line
)
select {columns}
from pg_temp.import_reject r
join problem using (line)
join position using (line)
order by r.line
"""


@dataclass(frozen=True)
class Reject:
    """A line that was rejected: its number in the file, the column and the reason."""

    line: int
    column: str
    reason: str


async def first_rejects(connection: "Connection[Record]", header: Header, most: int) -> list[Reject]:
    """The first rejected lines, at most `most`."""
    query = _query(header, "position.file_line, problem.cells, problem.reason")
    rows = await connection.fetch(f"{query} limit {most}")
    return [Reject(int(row["file_line"]), row["cells"], row["reason"]) for row in rows]


async def write_rejects(connection: "Connection[Record]", header: Header, file: Path) -> None:
    """Write every rejected line as it was, with its number, column and reason behind it.

    COPY writes it, so an empty text stays `""` and a null stays nothing.
    """
    kept = [column for column in header.columns if column.header not in REMARKS or column.path]
    columns = ", ".join(f"r.{column.staged}" for column in kept)
    head = io.StringIO()
    csv.writer(head, lineterminator="\n").writerow([*(column.header for column in kept), *REMARKS])
    query = _query(header, f"{columns}, position.file_line, problem.cells, problem.reason")
    try:
        with file.open("wb") as target:
            target.write(head.getvalue().encode())
            await connection.copy_from_query(query, output=target, format="csv", encoding="utf8")
    except OSError as error:
        raise FileError(f"cannot write {file}: {error.strerror}") from error


def _query(header: Header, columns: str) -> str:
    staged = ", ".join(f"l.{column.staged}" for column in header.columns)
    # Concatenated without nulls; the character that is counted is a line feed.
    text = f"concat({staged})"
    breaks = f"length({text}) - length(replace({text}, E'\\n', ''))"
    return REJECTED.format(breaks=breaks, header=header.lines, columns=columns)
