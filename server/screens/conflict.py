"""Somebody else saved first: yours and theirs side by side, field by field."""

from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from server.model import Entity, Field
from server.screens import references
from server.screens.form import UNIT, Input, Submission, inputs, original, texts_of
from server.screens.visit import Visit


@dataclass(frozen=True)
class Disagreement:
    """A field that both changed; the texts are what the form sends for each side."""

    field: Field
    yours: Any
    theirs: Any
    your_title: str
    their_title: str
    your_text: str
    their_text: str


async def page(
    connection: Any, here: Visit, entity: Entity, record: dict[str, Any], sent: Submission
) -> Response:
    """The page that asks whose value to keep; what only one side changed needs no question."""
    shown = inputs(here.access, entity, record)
    saver = await connection.fetchval(
        "select m.name from identity.member m where m.tenant_id = $1 and m.user_id = $2",
        here.access.tenant_id,
        record["updated_by"],
    )
    disputed, only_yours = [], []
    for each in shown:
        name = each.field.name
        if sent.texts.get(name, []) == sent.before.get(name, []) or name not in sent.texts:
            continue
        if texts_of(each.field, each.value) == sent.before.get(name, []):
            only_yours.append((name, UNIT.join(sent.texts[name])))
        elif texts_of(each.field, each.value) != sent.texts[name]:
            disputed.append(await disagreement(connection, here, each, sent))
    return here.page(
        "record/conflict.html",
        412,
        entity=entity,
        record=record,
        saver=saver or "Somebody",
        disputed=disputed,
        only_yours=only_yours,
        original=original(shown),
    )


async def disagreement(connection: Any, here: Visit, each: Input, sent: Submission) -> Disagreement:
    field, texts = each.field, sent.texts[each.field.name]
    yours = sent.values.get(field.column)
    known = {}
    if references.refers(field) and yours:
        known = await references.titles(connection, here.access, field, [str(yours)])
    return Disagreement(
        field,
        yours,
        each.value,
        known.get(str(yours), ""),
        each.title,
        UNIT.join(texts),
        UNIT.join(texts_of(field, each.value)),
    )
