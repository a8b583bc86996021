"""Read the body of a write."""

import csv
import io
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from server.database.errors import Refusal

LARGEST_FIELD = 10_000_000


@dataclass(frozen=True, slots=True)
class Payload:
    """Records as JSON text, which PostgreSQL reads digit by digit, and what is known of their shape.

    `columns` are the keys of the records in order of appearance; `same` says that all records have them all.
    """

    text: str
    columns: tuple[str, ...]
    count: int
    single: bool
    same: bool = True
    records: tuple[dict[str, Any], ...] = ()


def read_payload(body: bytes, content_type: str) -> Payload:
    """The records of a body; raises a 400 or 415 when it is none."""
    media = content_type.partition(";")[0].strip().lower()
    if media == "text/csv":
        return _described(_read_csv(_decoded(body)), single=False)
    if media not in ("", "application/json", "application/vnd.pgrst.object+json"):
        raise Refusal(415, "PGRST102", f"Content-Type {media} is not supported")
    text = _decoded(body)
    # Numbers stay text here: Python reads the body for its keys only.
    document = parsed(text)
    if isinstance(document, dict):
        return _described([document], single=True, text=text)
    if isinstance(document, list) and all(isinstance(each, dict) for each in document):
        return _described(document, single=False, text=text)
    raise Refusal(400, "PGRST102", "The body must be a JSON object or an array of objects")


def _decoded(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError:
        raise Refusal(400, "22021", "The body is no valid UTF-8") from None


def parsed(text: str) -> Any:
    """The document in JSON text, with its numbers as texts; raises a 400 when it is none."""
    try:
        return json.loads(text, parse_float=str, parse_int=str, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise Refusal(400, "PGRST102", "The body is no valid JSON") from None


def _refuse_constant(_: str) -> None:
    raise ValueError


def _described(records: list[dict[str, Any]], *, single: bool, text: str | None = None) -> Payload:
    keys = dict.fromkeys(key for record in records for key in record)
    same = all(record.keys() == keys.keys() for record in records)
    if text is None:
        text = json.dumps(records, ensure_ascii=False)
    return Payload(text, tuple(keys), len(records), single, same, tuple(records))


def _read_csv(text: str) -> list[dict[str, Any]]:
    csv.field_size_limit(LARGEST_FIELD)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error:
        raise Refusal(400, "PGRST102", "The body is no valid CSV") from None
    if not rows:
        return []
    names, *lines = rows
    filled = [line for line in lines if line]
    if any(len(line) != len(names) for line in filled):
        raise Refusal(400, "PGRST102", "All lines must have the same number of fields")
    return [dict(zip(names, _nulls(line), strict=True)) for line in filled]


def _nulls(line: Iterable[str]) -> list[str | None]:
    return [None if value == "NULL" else value for value in line]
