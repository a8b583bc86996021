"""The small form that adds a filter: first the field, then operator and value; it needs no script."""

from dataclasses import dataclass
from typing import Any

from starlette.datastructures import QueryParams

from server.model import Entity, Field
from server.screens.access import Access
from server.screens.form import Input
from server.screens.operators import Operator, operators
from server.screens.references import offer
from server.screens.view import Filter

SEVERAL = {"any", "none"}
STRUCTURED = {"json", "richtext"}


@dataclass(frozen=True)
class Editor:
    """What the form offers: the operators of the chosen field, and records to choose for a lookup."""

    field: Field
    operators: tuple[Operator, ...]
    options: list[dict[str, Any]]


async def offered(connection: Any, access: Access, entity: Entity, query: QueryParams) -> Editor | None:
    """The open form, or None while nobody adds a filter."""
    field = access.field(entity, query.get("add", ""))
    if field is None or field.type in STRUCTURED:
        return None
    chosen = Input(field, None, writable=True)
    await offer(connection, access, [chosen])
    return Editor(field, operators(access, field), chosen.options)


def added(query: QueryParams) -> Filter | None:
    """The filter that was just put together, if one was."""
    if not query.get("add") or not query.get("operator"):
        return None
    values = query.getlist("value")
    value = Filter.joined(values) if len(values) != 1 or query["operator"] in SEVERAL else values[0]
    return Filter(query["add"], query["operator"], value.strip())
