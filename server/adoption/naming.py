"""Names that the contract allows, for names that somebody gave without knowing it."""

import re
import unicodedata
from collections.abc import Collection

from server.publication import Connection

LONGEST = 48
SUFFIX = {"app": "app", "entity": "record", "field": "value", "rule": "rule", "choice list": "list"}


async def legal(connection: Connection, given: str, scope: str, taken: Collection[str]) -> str:
    """The given name where it is allowed and free, else the nearest one that is.

    `scope` is app, entity, field or rule: what is reserved differs.
    """
    plain = unicodedata.normalize("NFKD", given).encode("ascii", "ignore").decode().lower()
    name = re.sub(r"[^a-z0-9]+", "_", plain).strip("_").lstrip("0123456789_")[:LONGEST] or scope
    if await connection.fetchval("select meta.name_fault($1, $2)", name, scope):
        name = f"{name[: LONGEST - 8].strip('_')}_{SUFFIX.get(scope, 'value')}"
    if await connection.fetchval("select meta.name_fault($1, $2)", name, scope):
        name = f"{scope}_{name}"[:LONGEST]
    return free(name, taken)


def free(name: str, taken: Collection[str]) -> str:
    """The name, with a number behind it when it is taken."""
    candidate, number = name, 2
    while candidate in taken:
        candidate = f"{name[: LONGEST - 4]}_{number}"
        number += 1
    return candidate
