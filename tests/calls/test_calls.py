"""Every SQL function that Python names exists, with that number of arguments."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.acting import Connection

ROOT = Path(__file__).parents[2]
SCHEMAS = "api|audit|compile|identity|meta|publish|tenancy"
CALL = re.compile(rf"\b({SCHEMAS})\.([a-z_]+)\(")


async def test_every_function_that_python_calls_exists(connection: Connection) -> None:
    rows = await connection.fetch(
        "select n.nspname, p.proname, p.pronargs - p.pronargdefaults as least, p.pronargs as most"
        " from pg_proc p join pg_namespace n on n.oid = p.pronamespace where n.nspname = any ($1)",
        SCHEMAS.split("|"),
    )
    known = {
        (row["nspname"], row["proname"], n) for row in rows for n in range(row["least"], row["most"] + 1)
    }

    missing = sorted({call for call in calls() if call[:3] not in known})

    assert missing == []


def calls() -> Iterator[tuple[str, str, int, str]]:
    """Schema, function, number of arguments and file of each call in a text of the program."""
    for folder in ("server", "workers"):
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    for match in CALL.finditer(node.value):
                        count = arguments(node.value, match.end())
                        if count is not None:
                            yield match[1], match[2], count, str(path.relative_to(ROOT))


def arguments(text: str, start: int) -> int | None:
    """The number of arguments from `start` to the closing bracket; None when the text ends before it."""
    depth, commas = 1, 0
    for place in range(start, len(text)):
        depth += {"(": 1, "[": 1, ")": -1, "]": -1}.get(text[place], 0)
        commas += depth == 1 and text[place] == ","
        if depth == 0:
            return commas + 1 if text[start:place].strip() else 0
    return None
