"""Notes on a customer or a supplier: a lookup to one of several entities."""

from typing import Any

from tests.publishing import app, entity, field

SUBJECT = ["customer", "supplier"]


def notes(*, required: bool = False) -> dict[str, Any]:
    """The app `shop`: two kinds of firms, and notes on either."""
    code = field("code", required=True)
    return app(
        "shop",
        entity("customer", code, field("name"), title="name", keys=[{"fields": ["code"]}]),
        entity("supplier", code, field("name"), title="name", keys=[{"fields": ["code"]}]),
        entity(
            "note",
            field("number", "integer", required=True),
            field("text"),
            field("subject", "lookup", entities=SUBJECT, required=required),
            title="text",
            keys=[{"fields": ["number"]}],
        ),
    )
