"""Values as people read them: what stands in a cell, and what stands in an input.

A value is what PostgreSQL gave (Decimal, date, UUID, list) or its text or JSON form; both read the same.
`field` is a field of the published model. Moments are shown in UTC until a person can choose a zone.
"""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any
from zlib import crc32

from markupsafe import Markup

from server.model.richtext import plain_text, sanitised

TONES = ["gray", "red", "orange", "amber", "lime", "green", "teal", "sky", "blue", "violet", "pink", "brown"]
AVATAR_TONES = [tone for tone in TONES if tone not in ("gray", "brown")]
NUMBERS = {"integer", "bigint", "decimal", "money", "float", "percent"}
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
LONGEST_LINE = 300
MINUS = "\N{MINUS SIGN}"
SPACE = "\N{NO-BREAK SPACE}"
CURRENCY_SIGNS = {"EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥", "INR": "₹"}


def cell_text(field: Any, value: Any, title: str | None = None) -> str:
    """`value` in one line; empty when there is none. `title` is what a lookup or user points at."""
    if value is None or value == "":
        return ""
    if field.type in ("lookup", "user", "file", "image"):
        return title or str(value)
    formatter = FORMATTERS.get(field.type)
    return formatter(field, value) if formatter else str(value)


def number_text(field: Any, value: Any) -> str:
    """Digits grouped by comma, decimals as the field keeps them, a true minus sign."""
    number = Decimal(str(value))
    if not number.is_finite():
        return str(value)
    places = {"integer": 0, "bigint": 0, "decimal": field.scale}.get(field.type)
    text = f"{number:,.{places}f}" if places is not None else f"{number.normalize():,f}"
    return text.replace("-", MINUS)


def money_text(field: Any, value: Any) -> str:
    """At least two decimals, four when they say something; a fixed currency stands before the amount."""
    number = Decimal(str(value))
    places = 2 if number == round(number, 2) else 4
    text = f"{number:,.{places}f}".replace("-", MINUS)
    sign = currency_sign(field)
    return f"{sign}{SPACE}{text}" if sign else text


def currency_sign(field: Any) -> str:
    """The sign or code of a fixed currency; empty when another field of the record names it."""
    currency = field.currency or ""
    return CURRENCY_SIGNS.get(currency, currency) if len(currency) == 3 and currency.isupper() else ""


def percent_text(field: Any, value: Any) -> str:
    return f"{(Decimal(str(value)) * 100).normalize():,f}".replace("-", MINUS) + f"{SPACE}%"


def boolean_text(field: Any, value: Any) -> str:
    return "Yes" if value in (True, "true", "t") else "No"


def date_text(field: Any, value: Any) -> str:
    """19 Nov 1996."""
    try:
        day = value if isinstance(value, date) else date.fromisoformat(str(value))
    except ValueError:
        # PostgreSQL knows days that Python does not: infinity, and years before Christ.
        return str(value)
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def time_text(field: Any, value: Any) -> str:
    """14:30, with seconds only when they say something."""
    text = str(value)[:8]
    return text[:5] if text.endswith(":00") else text


def timestamp_text(field: Any, value: Any) -> str:
    """19 Nov 1996, 14:30."""
    moment = moment_of(value)
    if moment is None:
        return str(value)
    return f"{date_text(field, moment.date())}, {moment:%H:%M}"


def choice_text(field: Any, value: Any) -> str:
    return choice_of(field, value)["label"]


def multichoice_text(field: Any, value: Any) -> str:
    return ", ".join(choice_text(field, each) for each in value)


def json_text(field: Any, value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def richtext_text(field: Any, value: Any) -> str:
    """The first words, enough for a line."""
    text = plain_text(str(value))
    return text if len(text) <= LONGEST_LINE else f"{text[: LONGEST_LINE - 1]}…"


def richtext_markup(value: Any) -> Markup:
    """Rich text as part of a page: sanitised again, others than the server may have written it."""
    return Markup(sanitised(str(value)))


def choice_of(field: Any, value: Any) -> dict[str, str]:
    """`value`, `label` and `tone` of a choice; a value that the list has lost stands for itself."""
    for choice in field.choices or ():
        if choice.value == value:
            return {"value": value, "label": choice.label or value, "tone": known_tone(choice.tone)}
    return {"value": str(value), "label": str(value), "tone": "gray"}


def input_text(field: Any, value: Any) -> str:
    """`value` as the input of its type takes it: percent in hundredths, moments without a zone."""
    if value is None:
        return ""
    reader = INPUTS.get(field.type)
    return reader(value) if reader else str(value)


def decimal_input(value: Any) -> str:
    return f"{Decimal(str(value)):f}"


def money_input(value: Any) -> str:
    number = Decimal(str(value))
    return f"{number:.2f}" if number == round(number, 2) else f"{number:f}"


def percent_input(value: Any) -> str:
    return f"{(Decimal(str(value)) * 100).normalize():f}"


def timestamp_input(value: Any) -> str:
    moment = moment_of(value)
    return f"{moment:%Y-%m-%dT%H:%M:%S}".removesuffix(":00") if moment else str(value)


def boolean_input(value: Any) -> str:
    return "true" if value in (True, "true", "t") else "false"


def json_input(value: Any) -> str:
    try:
        found = json.loads(value, parse_float=exact_float) if isinstance(value, str) else value
    except ValueError:
        return str(value)
    return json.dumps(found, indent=2, ensure_ascii=False)


def exact_float(text: str) -> float:
    """The float of a text; raises ValueError when it would lose digits."""
    if Decimal(repr(float(text))) != Decimal(text):
        raise ValueError(text)
    return float(text)


def moment_of(value: Any) -> datetime | None:
    try:
        moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return moment.astimezone(UTC) if moment.tzinfo else moment


def known_tone(tone: str | None) -> str:
    return tone if tone in TONES else "gray"


def tone_of(name: str) -> str:
    """A tone for a name, the same every time."""
    return AVATAR_TONES[crc32(name.encode()) % len(AVATAR_TONES)]


def initials(name: str) -> str:
    """The first letters of the first and the last word: Mara Lind is ML."""
    words = [word for word in name.replace("-", " ").split() if word[0].isalnum()] or [name.strip() or "?"]
    return "".join(word[0] for word in ([words[0], words[-1]] if len(words) > 1 else words)).upper()


def is_number(field: Any) -> bool:
    return field.type in NUMBERS


Formatter = Callable[[Any, Any], str]
FORMATTERS: dict[str, Formatter] = {
    "integer": number_text,
    "bigint": number_text,
    "decimal": number_text,
    "float": number_text,
    "money": money_text,
    "percent": percent_text,
    "boolean": boolean_text,
    "date": date_text,
    "time": time_text,
    "timestamp": timestamp_text,
    "choice": choice_text,
    "multichoice": multichoice_text,
    "json": json_text,
    "richtext": richtext_text,
}
INPUTS: dict[str, Callable[[Any], str]] = {
    "decimal": decimal_input,
    "money": money_input,
    "percent": percent_input,
    "boolean": boolean_input,
    "timestamp": timestamp_input,
    "json": json_input,
}


def iso(value: datetime | date | time | str) -> str:
    return value if isinstance(value, str) else value.isoformat()


FILTERS: dict[str, Callable[..., Any]] = {
    "cell_text": cell_text,
    "choice_of": choice_of,
    "currency_sign": currency_sign,
    "initials": initials,
    "input_text": input_text,
    "is_number": is_number,
    "iso": iso,
    "tone_of": tone_of,
    "timestamp_text": lambda value: timestamp_text(None, value),
    "known_tone": known_tone,
    "sanitised": richtext_markup,
}
