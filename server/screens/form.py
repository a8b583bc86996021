"""A record's form: what its inputs show, and what the person changed in them.

The form carries the texts it was filled with. Only a field whose text differs from that is written, so a
form never erases what it did not show, and never undoes what others did meanwhile.
"""

import dataclasses
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.datastructures import FormData

from server.model import Entity, Field
from server.screens.access import Access
from server.screens.formatting import input_text
from server.screens.refusal import Problem
from server.screens.several import titled
from server.screens.values import Unreadable, read

ORIGINAL = "original"
# Joins the values of a multichoice where one input must carry them all.
UNIT = "\x1f"

Texts = dict[str, list[str]]


@dataclass
class Input:
    """One field on the form; `typed` is what the person entered, shown again after a refusal."""

    field: Field
    value: Any
    writable: bool
    title: str = ""
    typed: Any = None
    errors: list[str] = dataclasses.field(default_factory=list)
    options: list[dict[str, Any]] = dataclasses.field(default_factory=list)

    @property
    def reference(self) -> str:
        """The id that a lookup holds now: what was typed, else the value."""
        return str((self.typed if self.typed is not None else self.value) or "")


@dataclass(frozen=True)
class Submission:
    """What was sent: the texts of all inputs before and now, the changed values, what cannot be read."""

    before: Texts
    texts: Texts
    values: dict[str, Any]
    unreadable: dict[str, str]

    @property
    def original(self) -> str:
        return json.dumps(self.before)


def inputs(access: Access, entity: Entity, record: Mapping[str, Any] | None) -> list[Input]:
    """The fields to show with the values of the record; for a new one those that can be entered."""
    shown = []
    for each in access.fields(entity) if record else entity.fields:
        writable = access.writes_field(entity, each, new=record is None)
        if record or writable:
            known = record or {}
            value = known.get(each.column)
            title = titled(access.app, each, value, known.get(f"{each.name}_title") or "")
            options = next_choices(each, None if record is None else value)
            shown.append(Input(each, value, writable, title, options=options))
    return shown


def next_choices(field: Field, value: Any) -> list[dict[str, Any]]:
    """The values that may follow `value`, itself among them; none where the field allows all."""
    if value is None:
        allowed = field.initial
    elif field.transitions is not None:
        allowed = (value, *field.transitions.get(value, ()))
    else:
        return []
    return [{"value": each.value} for each in field.choices if each.value in (allowed or ())]


def typed(shown: list[Input], sent: Submission | None, problems: Sequence[Problem]) -> list[Input]:
    """The inputs with what was sent in them, and the problems at their fields."""
    for each in shown:
        each.errors = [problem.message for problem in problems if problem.field == each.field.name]
        texts = sent.texts.get(each.field.name) if sent else None
        if texts is not None:
            each.typed = texts if each.field.type == "multichoice" else "".join(texts[-1:])
            if each.typed != texts_of(each.field, each.value)[-1:]:
                each.title = each.title if each.reference == str(each.value) else ""
    return shown


def texts_of(field: Field, value: Any) -> list[str]:
    """The value as the texts of its input."""
    if field.type == "multichoice":
        return [str(each) for each in value or ()]
    text = input_text(field, value)
    return [text.replace("\r\n", "\n")] if text else []


def original(shown: Sequence[Input], blank: bool = False) -> str:
    """The texts the form was filled with, for its hidden input; nothing was there on a new record."""
    return json.dumps(
        {
            each.field.name: [] if blank else texts_of(each.field, each.value)
            for each in shown
            if each.writable
        }
    )


def submission(access: Access, entity: Entity, form: FormData, new: bool) -> Submission:
    """Read what was sent; a field that the person may not write is left out, whatever was sent."""
    before = texts_before(form)
    sent = Submission(before, {}, {}, {})
    for each in entity.fields:
        if each.name not in form or not access.writes_field(entity, each, new=new):
            continue
        texts = sent.texts[each.name] = entered(each, form)
        if texts == before.get(each.name, []) and not (new and each.default_sql):
            continue
        try:
            sent.values[each.column] = read(each, texts)
        except Unreadable as error:
            sent.unreadable[each.name] = str(error)
    return sent


def texts_before(form: FormData) -> Texts:
    try:
        before = json.loads(str(form.get(ORIGINAL) or "{}"))
        return {str(name): [str(text) for text in texts] for name, texts in before.items()}
    except (ValueError, AttributeError, TypeError):
        return {}


def entered(field: Field, form: FormData) -> list[str]:
    texts = [str(text).replace("\r\n", "\n") for text in form.getlist(field.name)]
    if field.type == "multichoice":
        return [part for text in texts for part in text.split(UNIT) if part]
    return [text for text in texts[-1:] if text]
