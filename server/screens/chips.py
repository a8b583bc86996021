"""The filters of a view as sentences: field, operator, value."""

from dataclasses import dataclass
from typing import Any

from server.model import Entity, Field
from server.screens.access import Access
from server.screens.formatting import date_text
from server.screens.operators import operator
from server.screens.references import titles
from server.screens.view import Filter, View


@dataclass(frozen=True)
class Chip:
    """One filter in words, with the addresses that change and remove it."""

    field: Field | None
    label: str
    operator: str
    value: str
    remove: str


async def chips(connection: Any, access: Access, entity: Entity, view: View) -> list[Chip]:
    """The chips of the view's filters."""
    shown = []
    for position, chosen in enumerate(view.filters):
        field = access.field(entity, chosen.field)
        found = operator(access, field, chosen.operator) if field else None
        remove = view.without_filter(position)
        if field is None or found is None:
            shown.append(Chip(None, chosen.field, chosen.operator, chosen.value, remove))
            continue
        value = "" if found.takes == "nothing" else await words(connection, access, field, chosen)
        shown.append(Chip(field, field.label, found.label, value, remove))
    return shown


async def words(connection: Any, access: Access, field: Field, chosen: Filter) -> str:
    """A filter's value as people say it: labels for choices, titles for records."""
    text = chosen.value
    if field.choices:
        labels = {each.value: each.label for each in field.choices}
        return ", ".join(labels.get(value, value) for value in chosen.values)
    if field.type == "boolean":
        return {"true": "yes", "false": "no"}.get(text, text)
    if field.type in ("date", "timestamp"):
        return date_text(field, text)
    if field.type in ("lookup", "user"):
        found = await titles(connection, access, field, [text])
        return found.get(text, text)
    return text
