"""A manifest as a person would send it."""

from typing import Any


def without_sql(value: Any) -> Any:
    """The same manifest without the SQL of its expressions."""
    if isinstance(value, dict):
        return {key: without_sql(item) for key, item in value.items() if not key.endswith("_sql")}
    return [without_sql(item) for item in value] if isinstance(value, list) else value
