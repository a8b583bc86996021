"""Why a write was refused, as sentences at the fields they are about."""

from collections.abc import Sequence
from dataclasses import dataclass

from server.database.errors import Refusal
from server.model import Entity
from server.query.warning import Warned

# What a person can correct in the form; anything else is a page of its own.
CORRECTABLE = (403, 409, 422)


@dataclass(frozen=True)
class Problem:
    """One thing that stands against a write; `field` is None when it is about no single field."""

    field: str | None
    label: str
    message: str


def unreadable(entity: Entity, problems: dict[str, str]) -> list[Problem]:
    """The problems of texts that are not of their field's type."""
    return [Problem(name, entity.fields_by_name[name].label, text) for name, text in problems.items()]


def problems_of(entity: Entity, refusal: Refusal) -> list[Problem]:
    """Everything that stands against the write; raises what nobody can correct in the form again."""
    if refusal.status not in CORRECTABLE:
        raise refusal
    fields = {part.name: each for each in entity.fields for part in each.columns}
    fields |= {each.column: each for each in entity.fields}
    found = []
    for fault in refusal.faults:
        field = fields.get(fault.field or "")
        found.append(Problem(field.name if field else None, field.label if field else "", fault.message))
    return found or [Problem(None, "", refusal.message)]


def warned(entity: Entity, warnings: Sequence[Warned]) -> list[Problem]:
    """The warnings that a record breaks, at the fields they are about."""
    fields = {each.column: each for each in entity.fields}
    named = [(fields.get(each.field or ""), each.message) for each in warnings]
    return [
        Problem(field.name if field else None, field.label if field else "", text) for field, text in named
    ]


def words(refusal: Refusal) -> str:
    """The refusal in one line."""
    return " ".join(dict.fromkeys(fault.message for fault in refusal.faults)) or refusal.message
