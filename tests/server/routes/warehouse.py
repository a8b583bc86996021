"""An entity with every kind of plain value, and thirty records with awkward ones."""

from typing import Any
from uuid import UUID

from tests.publishing import app, entity, field
from tests.server.routes.shop import everything

ENTITY = entity(
    "item",
    field("code", required=True, unique=True),
    field("name"),
    field("quantity", "integer"),
    field("price", "decimal", precision=12, scale=2),
    field("due_on", "date"),
    field("fragile", "boolean"),
    field("status", "choice", choices=["open", "shipped", "on hold"]),
)
WAREHOUSE = app("shop", ENTITY, roles=[{"name": "clerk", "grants": [everything("item")]}])

Row = dict[str, Any]
NAMES = [
    *("Chai", "chai", "O'Brien", '"quoted"', "100%", "100", "a_b", "axb", "back\\slash", "a,b", "(x)"),
    *(
        "*",
        "%",
        "_",
        "\\",
        "",
        " lead",
        "null",
        "NULL",
        "eq.1",
        "{a,b}",
        "Ärger",
        "ärger",
        "日本",
        "😀",
        "a.b:c",
    ),
    *("line\nbreak", "tab\t", "x" * 60),
]


def rows() -> list[Row]:
    """Every kind of value beside every other, nulls among them; ids in another order than the codes."""
    return [
        {
            "id": str(UUID(int=(number * 7 % 31) << 64 | number)),
            "code": f"c{number:02}",
            "name": NAMES[number] if number < len(NAMES) else None,
            "quantity": [None, -2147483648, -1, 0, 0, 1, 2147483647][number % 7],
            "price": [None, "-0.01", "0.00", "12.50", "12.5", "9999999999.99"][number % 6],
            "due_on": [None, "2024-02-29", "1999-12-31", "2024-02-29", "0001-01-01"][number % 5],
            "fragile": [None, True, False, True][number % 4],
            "status": [None, "open", "shipped", "on hold"][number // 2 % 4],
        }
        for number in range(31)
    ]
