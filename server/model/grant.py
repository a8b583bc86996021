"""Roles of an app and what they may do."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Scope = Literal["none", "own", "tenant"]


@dataclass(frozen=True, slots=True)
class Grant:
    """What a role may do with an entity; `fields` says `none`, `read` or `write` where it differs."""

    entity: str
    read: Scope
    create: bool
    update: Scope
    delete: Scope
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Role:
    """A role of the app; the PostgreSQL role is `<app>_<name>`."""

    id: str
    name: str
    label: str
    description: str | None
    grants: tuple[Grant, ...]
