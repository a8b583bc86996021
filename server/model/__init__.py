"""The published model: what the database was told to enforce, as frozen values."""

from server.model.app import App
from server.model.catalogue import Catalogue
from server.model.entity import Choice, Column, Constraint, Entity, Field, FieldColumn, Key, Rule
from server.model.grant import Grant, Role
from server.model.relationship import Relationship
from server.model.rights import Rights

__all__ = [
    "App",
    "Catalogue",
    "Choice",
    "Column",
    "Constraint",
    "Entity",
    "Field",
    "FieldColumn",
    "Grant",
    "Key",
    "Relationship",
    "Rights",
    "Role",
    "Rule",
]
