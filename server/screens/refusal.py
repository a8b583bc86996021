"""Why a write was refused, as sentences at the fields they are about."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from asyncpg import PostgresError

from server.database.errors import refusal, sqlstate_of
from server.model import Entity


@dataclass(frozen=True)
class Problem:
    """One thing that stands against a write; `field` is None when it is about no single field."""

    field: str | None
    label: str
    message: str


def unreadable(entity: Entity, problems: dict[str, str]) -> list[Problem]:
    """The problems of texts that are not of their field's type."""
    return [Problem(name, entity.fields_by_name[name].label, text) for name, text in problems.items()]


async def problems_of(
    here: Any, entity: Entity, key: UUID | None, values: dict[str, Any], error: PostgresError
) -> tuple[list[Problem], int]:
    """Everything that stands against the write that ended in `error`, and the status to answer with.

    Raises `error` again when it is none of the record's: those are faults, not things to correct.
    """
    status, sentence = refusal(sqlstate_of(error))
    if status not in (403, 409, 422):
        raise error
    return [problem_of(entity, error, sentence)], status


def problem_of(entity: Entity, error: PostgresError, sentence: str) -> Problem:
    """The one problem that PostgreSQL named, by constraint or column."""
    constraint = entity.constraints_by_name.get(error.constraint_name or "")
    if constraint and constraint.fields:
        field = entity.fields_by_name[constraint.fields[0]]
        return Problem(field.name, field.label, constraint.message)
    for field in entity.fields:
        if field.column == error.column_name:
            return Problem(field.name, field.label, f"{field.label} is required")
    return Problem(None, "", constraint.message if constraint else sentence)
