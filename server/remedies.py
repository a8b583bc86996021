"""What becomes of records that a draft would break: decided here, carried out by the next publish."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from server.expressions import ExpressionError, check, field_type, row
from server.manifest import from_json, to_json
from server.publication import Connection


class RemedyError(ValueError):
    """A remedy that cannot be; the message says why."""


@dataclass(frozen=True)
class Target:
    """A field or rule of a draft, with its entity and the choice lists of the app."""

    id: UUID
    given: Mapping[str, Any]
    entity: Mapping[str, Any]
    choices: Mapping[str, Any]
    is_field: bool


async def fill(connection: Connection, app_id: UUID, path: str, expression: str) -> None:
    """Records without a value in the field get that of an expression over their other fields."""
    target = await field(connection, app_id, path)
    plain = [item for item in target.entity["fields"] if "formula" not in item]
    names = row({**target.entity, "fields": plain}, target.choices)
    try:
        checked = check(expression, names, want=field_type(target.given, target.choices))
    except ExpressionError as error:
        raise RemedyError(f"{path}: {error}") from error
    await decide(connection, app_id, target, "fill", expression=(expression, checked.sql))


async def replace(connection: Connection, app_id: UUID, path: str, mapping: Mapping[str, str]) -> None:
    """Values of the field, compared as text, give way to others."""
    target = await field(connection, app_id, path)
    if target.given["type"] == "multichoice":
        raise RemedyError(f"{path} holds several values: they can be cleared or filled, not mapped")
    await decide(connection, app_id, target, "map", mapping=mapping)


async def clear(connection: Connection, app_id: UUID, path: str) -> None:
    """Values that break a check of the field become null."""
    target = await field(connection, app_id, path)
    if target.given.get("required"):
        raise RemedyError(f"{path} is required: its values can be mapped, not cleared")
    await decide(connection, app_id, target, "clear")


async def keep_for_new_rows(connection: Connection, app_id: UUID, path: str) -> None:
    """The checks of the field, or the rule, hold for records written from now on (NOT VALID)."""
    await decide(connection, app_id, await element(connection, app_id, path), "new_rows")


async def forget(connection: Connection, app_id: UUID, path: str) -> None:
    """Take back what was decided about a field or rule."""
    target = await element(connection, app_id, path)
    await connection.execute(
        "delete from publish.remedy r where r.app_id = $1 and r.element_id = $2", app_id, target.id
    )


async def decide(
    connection: Connection,
    app_id: UUID,
    target: Target,
    action: str,
    *,
    expression: tuple[str, str] | tuple[None, None] = (None, None),
    mapping: Mapping[str, str] | None = None,
) -> None:
    await connection.execute(
        """
        insert into publish.remedy (app_id, element_id, action, expression, expression_sql, mapping)
        values ($1, $2, $3, $4, $5, $6::jsonb)
        on conflict on constraint remedy_pkey do update
        set expression = excluded.expression, expression_sql = excluded.expression_sql,
            mapping = excluded.mapping, given_at = now(), given_by = session_user
        """,
        app_id, target.id, action, *expression, None if mapping is None else to_json(dict(mapping)),
    )  # fmt: skip


async def field(connection: Connection, app_id: UUID, path: str) -> Target:
    """The field at `entity.field`; raises RemedyError for anything else."""
    target = await element(connection, app_id, path)
    if not target.is_field:
        raise RemedyError(f"{path} is a rule: keep it for new rows, or change the records")
    return target


async def element(connection: Connection, app_id: UUID, path: str) -> Target:
    """The field or rule at `entity.name` of the draft."""
    draft = from_json(await connection.fetchval("select meta.manifest($1)::text", app_id))
    owner, _, name = path.partition(".")
    for entity in [*draft["entities"], *draft.get("relations", [])]:
        if entity["name"] != owner:
            continue
        for part in ("fields", "rules"):
            for given in entity.get(part, []):
                if given["name"] == name:
                    choices = draft.get("choices", {})
                    return Target(UUID(given["id"]), given, entity, choices, part == "fields")
    raise RemedyError(f"the draft has no field or rule {path}: write entity.field")
