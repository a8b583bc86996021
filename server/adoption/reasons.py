"""Why a change by hand is no change of a model."""

REASONS = {
    "policy": "who sees which rows follows from the roles of the model",
    "row security": "row security is never switched off",
    "right": "rights follow from the roles of the model",
    "role": "roles follow from the roles of the model",
    "trigger": "a model has no triggers of its own",
    "function": "a model has no functions of its own",
    "view": "a model has no views of the database",
    "materialized view": "a model has no views of the database",
    "rule": "a model has no rewriting rules",
    "table": "a table of its own has no tenants: qryvanta app adopt takes over the tables of a plain schema",
    "schema": "the schema is the app's",
    "formula": "change the formula of the field instead: its values would be calculated anew",
}


class NotAdoptable(Exception):
    """A change cannot be said in a manifest; the message says why."""


def reason(object_: str) -> str:
    """Why no change of such an object can be adopted."""
    return REASONS.get(object_, f"a model says nothing of a {object_}")
