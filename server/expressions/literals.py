"""Quoted text as a value of a type: checked here, so that PostgreSQL never meets a wrong one.

Only forms that read the same in every session are taken: ISO dates, moments with their offset.
"""

import json
import re
from collections.abc import Callable
from datetime import date, datetime, time
from typing import NamedTuple

from server.expressions.kinds import SQL_TYPE

UNIT = r"(?:years?|months?|weeks?|days?|hours?|minutes?|seconds?)"
DURATION = re.compile(
    rf"[+-]?\d{{1,6}}(?:\.\d{{1,6}})?\s*{UNIT}(?:\s+[+-]?\d{{1,6}}(?:\.\d{{1,6}})?\s*{UNIT})*", re.I
)
ISO_DURATION = re.compile(
    r"P(?=.)(?:\d{1,6}Y)?(?:\d{1,6}M)?(?:\d{1,6}W)?(?:\d{1,6}D)?"
    r"(?:T(?=.)(?:\d{1,6}H)?(?:\d{1,6}M)?(?:\d{1,6}(?:\.\d{1,6})?S)?)?"
)
DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
TIME = re.compile(r"\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?")
OFFSET = re.compile(r"(?:Z|[+-]\d{2}(?::?\d{2})?)")
UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
LIST = re.compile(r"\{(?:[\w.\- ]+(?:,[\w.\- ]+)*)?\}")


class Found(NamedTuple):
    """The SQL of a literal, or why it is none."""

    sql: str | None
    fault: str = ""


def literal(value: str, kind: str) -> Found:
    """The SQL constant of a quoted text as a type, e.g. `'2020-01-31'` as `date`."""
    if kind == "text":
        return Found(f"{quoted(value)}::text")
    if kind not in FORMS:
        return Found(None, f"cannot use text {quoted(value)} as {kind}; write it without quotes")
    is_valid, form = FORMS[kind]
    if not is_valid(value):
        return Found(None, f"{quoted(value)} is no {form}")
    return Found(f"{quoted(value)}::{SQL_TYPE[kind]}")


def quoted(value: str) -> str:
    """A string constant; a backslash means itself (standard_conforming_strings)."""
    return "'" + value.replace("'", "''") + "'"


def is_date(value: str) -> bool:
    return bool(DATE.fullmatch(value)) and parses(date.fromisoformat, value)


def is_time(value: str) -> bool:
    return bool(TIME.fullmatch(value)) and parses(time.fromisoformat, value)


def is_datetime(value: str) -> bool:
    day, _, clock = value.replace("T", " ", 1).partition(" ")
    return is_date(day) and (not clock or is_time(clock))


def is_timestamp(value: str) -> bool:
    found = OFFSET.search(value, 16)
    if not found or found.end() != len(value) or not is_datetime(value[: found.start()].rstrip()):
        return False
    return parses(datetime.fromisoformat, "2000-01-01T00:00" + found.group())


def is_duration(value: str) -> bool:
    return bool(DURATION.fullmatch(value.strip()) or ISO_DURATION.fullmatch(value))


def is_uuid(value: str) -> bool:
    return bool(UUID.fullmatch(value))


def is_json(value: str) -> bool:
    # PostgreSQL knows neither NaN nor the escape of NUL.
    return "\\u0000" not in value and parses(strict_json, value)


def strict_json(value: str) -> None:
    json.loads(value, parse_constant=refuse_constant)


def refuse_constant(name: str) -> None:
    raise ValueError(name)


def is_list(value: str) -> bool:
    return bool(LIST.fullmatch(value))


def parses(read: Callable[[str], object], value: str) -> bool:
    try:
        read(value)
    except (ValueError, RecursionError):
        return False
    return True


FORMS: dict[str, tuple[Callable[[str], bool], str]] = {
    "date": (is_date, "date; write 'YYYY-MM-DD'"),
    "time": (is_time, "time; write 'HH:MM' or 'HH:MM:SS'"),
    "datetime": (is_datetime, "date with time; write 'YYYY-MM-DD HH:MM'"),
    "timestamp": (is_timestamp, "moment; write it with its offset: 'YYYY-MM-DD HH:MM+00'"),
    "duration": (is_duration, "duration; write '3 days' or 'P3D'"),
    "uuid": (is_uuid, "uuid"),
    "json": (is_json, "JSON"),
    "list": (is_list, "list; write array['a', 'b']"),
}
