"""What a person typed into a field, as the value the record API would be sent.

Only the form of the text is judged here, because the database cannot say which of several fields
it could not read. Whether the value is allowed is the database's answer.
"""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from html import escape
from typing import Any
from uuid import UUID

from server.model import Field
from server.screens.several import resolved

INTEGER_BITS = {"integer": 32, "bigint": 64}
DURATION = re.compile(r"P?(\d+[YMWD])*(T(\d+[HMS])*)?|\d+:\d{2}(:\d{2})?|[\d.]+ *[a-z]+( .*)?", re.I)

MARKUP = re.compile(r"</?[a-z]|&#?\w+;", re.I)
PARAGRAPH = re.compile(r"\n{2,}")


@dataclass(frozen=True)
class Json:
    """A JSON document as it was typed: reading it into numbers would lose digits."""

    text: str

    def __str__(self) -> str:
        return self.text


class Unreadable(ValueError):
    """The text is not of the field's type; the message tells the person what to enter."""


def read(field: Field, texts: Sequence[str]) -> Any:
    """The JSON value of the typed `texts`; None when nothing was typed.

    Raises `Unreadable` with a sentence for the person.
    """
    if field.type == "multichoice":
        return [text for text in texts if text] or None
    text = texts[-1].replace("\r\n", "\n").strip() if texts else ""
    if field.type == "boolean":
        return {"true": True, "false": False}.get(text)
    if not text:
        return None
    if "\0" in text:
        raise Unreadable("Enter text without control characters")
    reader = READERS.get(field.type)
    return reader(field, text) if reader else text


def read_integer(field: Field, text: str) -> int:
    try:
        value = int(text.replace(" ", ""))
    except ValueError:
        raise Unreadable("Enter a whole number, such as 42") from None
    limit = 2 ** (INTEGER_BITS[field.type] - 1)
    if not -limit <= value < limit:
        raise Unreadable(f"Enter a number between {-limit} and {limit - 1}")
    return value


def read_decimal(field: Field, text: str) -> str:
    """A decimal stays text on its way, so that no digit passes through a binary float."""
    value = number(text)
    precision, scale = (19, 4) if field.type == "money" else (field.precision or 18, field.scale or 0)
    if value and value.adjusted() >= precision - scale:
        raise Unreadable(f"Enter a number with at most {precision - scale} digits before the point")
    return format(value, "f")


def read_percent(field: Field, text: str) -> str:
    value = number(text.removesuffix("%").rstrip()) / 100
    if value and value.adjusted() >= 3:
        raise Unreadable("Enter a percentage below 100,000")
    return format(value, "f")


def read_float(field: Field, text: str) -> float:
    return float(number(text))


def number(text: str) -> Decimal:
    try:
        value = Decimal(text.replace(" ", ""))
    except InvalidOperation:
        raise Unreadable("Enter a number, such as 12.50") from None
    if not value.is_finite():
        raise Unreadable("Enter a number, such as 12.50")
    return value


def read_date(field: Field, text: str) -> str:
    return isoformat(date.fromisoformat, text, "Enter a date, such as 2026-11-23")


def read_time(field: Field, text: str) -> str:
    return isoformat(time.fromisoformat, text, "Enter a time, such as 14:30")


def read_timestamp(field: Field, text: str) -> str:
    # The input of a browser has no zone; screens show and take UTC.
    moment = isoformat(datetime.fromisoformat, text, "Enter a date and time, such as 2026-11-23 14:30")
    return moment if datetime.fromisoformat(moment).tzinfo else f"{moment}+00:00"


def isoformat(reader: Callable[[str], Any], text: str, message: str) -> str:
    try:
        return str(reader(text).isoformat())
    except ValueError:
        raise Unreadable(message) from None


def read_duration(field: Field, text: str) -> str:
    if not DURATION.fullmatch(text):
        raise Unreadable("Enter a duration, such as 1:30 or P1DT2H")
    return text


def read_json(field: Field, text: str) -> Json:
    try:
        json.loads(text, parse_constant=refuse_constant)
    except ValueError as error:
        raise Unreadable(f"Enter valid JSON: {error}") from None
    return Json(text)


def read_geopoint(field: Field, text: str) -> str:
    """Latitude and longitude in degrees, as one text."""
    parts = [part.strip() for part in re.split(r"[,;]|\s+", text) if part.strip()]
    try:
        latitude, longitude = (float(number(part)) for part in parts)
    except ValueError:
        raise Unreadable("Enter latitude and longitude, such as 47.3769, 8.5417") from None
    return f"{latitude}, {longitude}"


def read_richtext(field: Field, text: str) -> str:
    """HTML as it was typed; of plain text the paragraphs and lines are kept."""
    if MARKUP.search(text):
        return text
    paragraphs = [escape(part, quote=False).replace("\n", "<br>") for part in PARAGRAPH.split(text)]
    return "".join(f"<p>{part}</p>" for part in paragraphs)


def refuse_constant(text: str) -> None:
    raise ValueError(f"{text} is no JSON number")


def read_reference(field: Field, text: str) -> str:
    found = resolved(field, text)
    try:
        key = str(UUID(found[1] if found else ""))
    except ValueError:
        raise Unreadable("Choose one from the list") from None
    return f"{found[0].entity}:{key}" if found and field.entities else key


def read_uuid(field: Field, text: str) -> str:
    try:
        return str(UUID(text))
    except ValueError:
        raise Unreadable("Enter a UUID, such as 0192f0c1-2f6e-7c11-8a51-7d5a5b1f2c3d") from None


READERS: dict[str, Callable[[Field, str], Any]] = {
    "integer": read_integer,
    "bigint": read_integer,
    "decimal": read_decimal,
    "money": read_decimal,
    "percent": read_percent,
    "float": read_float,
    "date": read_date,
    "time": read_time,
    "timestamp": read_timestamp,
    "duration": read_duration,
    "json": read_json,
    "richtext": read_richtext,
    "geopoint": read_geopoint,
    "lookup": read_reference,
    "user": read_reference,
    "uuid": read_uuid,
    "file": read_uuid,
    "image": read_uuid,
}
