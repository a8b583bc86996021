"""What PostgreSQL refuses, as an HTTP status and words that tell nobody's values.

The one table of the errors: `docs/reference/errors.md` is made from it.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from asyncpg import InterfaceError, InternalClientError, PostgresError

# Longest prefix wins, so a class ("23") is the default for its members.
REFUSALS: dict[str, tuple[int, str]] = {
    "08": (503, "The database cannot be reached"),
    "0A": (400, "This is not supported"),
    "21": (400, "The request does not fit the data: one row was expected"),
    "22": (400, "A value cannot be read as the type that it should have"),
    "22001": (422, "A text is too long"),
    "22003": (422, "A number is out of range"),
    "22008": (422, "A date or time is out of range"),
    "23": (422, "The record breaks a rule"),
    "23502": (422, "A required value is missing"),
    "23503": (409, "A reference would lead nowhere"),
    "23505": (409, "A record with this key exists already"),
    "23514": (422, "The record breaks a rule"),
    "23P01": (409, "The record overlaps another one"),
    "25006": (405, "This request may only read"),
    "28": (401, "Who is asking is not known"),
    "3D": (503, "The database cannot be reached"),
    "40": (503, "Others were writing the same records; try again"),
    "42": (400, "The request cannot be understood"),
    "42501": (403, "You are not allowed to do this"),
    "42703": (400, "There is no such column"),
    "42P01": (404, "There is no such table"),
    "428C9": (400, "This column is computed and cannot be written"),
    "53": (503, "The database has no room for this now"),
    "54": (400, "The request is too large or too complex"),
    "55000": (503, "The database is not available now"),
    "55P03": (503, "The records are locked by somebody else; try again"),
    "57": (503, "The database is not available now"),
    "57014": (504, "The request took too long and was stopped"),
    "P0001": (400, "The database refused this"),
    "P0002": (404, "There is no such record"),
    "QA": (401, "The credentials are not valid"),
    "QP001": (503, "The app has just been published; try again"),
    "QP009": (503, "No worker is at work that can publish; try again"),
}
UNKNOWN = (500, "Something went wrong; the details are in the server's log")

RETRYABLE = frozenset({"40001", "40P01"})
RETRY_AFTER_SECONDS = 1


def refusal(sqlstate: str) -> tuple[int, str]:
    """The status and the sentence for a SQLSTATE."""
    for length in range(5, 1, -1):
        known = REFUSALS.get(sqlstate[:length])
        if known:
            return known
    return UNKNOWN


def sqlstate_of(error: Exception) -> str:
    """The SQLSTATE of an error of the database or of its connection."""
    if isinstance(error, PostgresError):
        return str(error.sqlstate or "XX000")
    # asyncpg calls it internal when a connection is ended in the moment that it is used.
    if isinstance(error, (InterfaceError, InternalClientError, OSError, TimeoutError)):
        return "08006"
    return "XX000"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with a record; `record` is its place when several were sent."""

    field: str | None
    rule: str
    message: str
    record: int | None = None

    def document(self) -> dict[str, str | int | None]:
        """As the API says it."""
        document: dict[str, str | int | None] = {
            "field": self.field,
            "rule": self.rule,
            "message": self.message,
        }
        return document if self.record is None else {**document, "record": self.record}


class Refusal(Exception):
    """A request that is answered with an error: its status, code, message and faults."""

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        faults: Sequence[Fault] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.faults = faults
        self.headers = dict(headers or {})
        if status == 503:
            self.headers.setdefault("Retry-After", str(RETRY_AFTER_SECONDS))

    def body(self) -> bytes:
        """The JSON document of the error."""
        document = {
            "code": self.code,
            "message": self.message,
            "details": None,
            "hint": None,
            "errors": [fault.document() for fault in self.faults],
        }
        return json.dumps(document, ensure_ascii=False).encode("utf-8", "replace")


def refused(error: Exception) -> Refusal:
    """The refusal for an error of the database, without regard to a model."""
    sqlstate = sqlstate_of(error)
    status, message = refusal(sqlstate)
    return Refusal(status, sqlstate, message)
