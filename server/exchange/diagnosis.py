"""Which lines cannot become records, and why: set by set, never line by line.

Each finding is a row of `pg_temp.import_problem`; the lines it is about then move out of the way, so
that the next question meets only lines that passed the ones before.
"""

from asyncpg import Connection, Record

from server.exchange.circle import circles
from server.exchange.constraint import broken_constraints
from server.exchange.overlap import overlaps
from server.exchange.path import Cell
from server.exchange.plan import Plan
from server.exchange.problem import INSERT, Problem, rows
from server.exchange.source import STAGED, cell_text
from server.exchange.sql import literal, name
from server.exchange.uniqueness import doubled_keys, recycled_ids, taken_keys

EXPECTED = {
    "integer": "not a whole number between -2147483648 and 2147483647",
    "bigint": "not a whole number",
    "numeric": "not a number that fits",
    "double precision": "not a number",
    "boolean": "neither true nor false",
    "date": "not a date such as 2026-03-31",
    "timestamp": "not a time such as 2026-03-31T17:30Z",
    "time": "not a time such as 17:30",
    "interval": "not a duration such as P1DT2H",
    "jsonb": "not JSON",
    "uuid": "not a uuid",
    "text[]": "not a list such as {a,b}",
}


async def diagnose(connection: "Connection[Record]", plan: Plan, role: str) -> None:
    """Move every line that cannot become a record to `pg_temp.import_reject`."""
    # Only the worker's own login may ask whether a text is a value of a type.
    await connection.execute(f"reset role;{unreadable(plan)};set local role {name(role)}")
    found = await set_aside(connection)
    while True:
        await broken_constraints(connection, plan)
        found += await set_aside(connection)
        for question in filter(
            None, (recycled_ids(plan), doubled_keys(plan), taken_keys(plan), circles(plan))
        ):
            await connection.execute(question)
            found += await set_aside(connection)
        await overlaps(connection, plan)
        overlapping = await set_aside(connection)
        # A line that refers to a rejected one is rejected in its turn; and a record that such a line
        # would have moved stays where it is, perhaps in the way of another.
        if not (overlapping or (found and plan.refers_to_itself)):
            return
        found = 0


async def set_aside(connection: "Connection[Record]") -> int:
    """Move the lines with a problem out of the staging table; returns how many."""
    status = await connection.execute(
        "with bad as (delete from pg_temp.import_line"
        " where line in (select p.line from pg_temp.import_problem p) returning *)"
        " insert into pg_temp.import_reject select * from bad"
    )
    return int(status.rpartition(" ")[2])


def unreadable(plan: Plan) -> str:
    """The statement that finds values which are none of their type."""
    cells = {(cell.column.place, cell.part): cell for target in plan.targets for cell in target.cells}
    problems = [_unreadable(cell) for cell in cells.values() if cell.sql_type != "text"]
    return (
        f"{INSERT} select {STAGED}.line, v.place, v.cells, v.reason from pg_temp.import_line {STAGED}"
        f" cross join lateral {rows(problems)} where v.broken"
    )


def _unreadable(cell: Cell) -> Problem:
    column = cell.column
    reason = next(text for kind, text in EXPECTED.items() if cell.sql_type.startswith(kind))
    if cell.part:
        reason = "not a place such as 47.3769,8.5417"
    wrong = f"not api.is_input({cell_text(cell)}, {literal(cell.sql_type)})"
    return Problem(column.place, column.header, reason, wrong)
