"""One form for what a manifest may write in several: `default: 0`, `choices: [1, 2]`, `rules:` left empty."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from server.manifest.scalars import as_text, scalar

EXPRESSIONS = ("default", "formula", "required_when", "where", "check", "title")
NUMERIC = ("integer", "bigint", "decimal", "money", "float", "percent")
Element = dict[str, Any]


def normal(data: Any) -> Any:
    """The same manifest without nulls and with texts where texts belong; shapes are not judged here."""
    if not isinstance(data, dict):
        return data
    found = present(data)
    lists = found.get("choices")
    if isinstance(lists, dict):
        found["choices"] = {name: each(values, choice) for name, values in present(lists).items()}
    for section in ("entities", "relations"):
        if section in found:
            found[section] = each(found[section], entity)
    if "roles" in found:
        found["roles"] = each(found["roles"], role)
    if isinstance(found.get("app"), dict):
        found["app"] = present(found["app"])
    return found


def present(element: Element) -> Element:
    return {key: value for key, value in element.items() if value is not None}


def each(items: Any, change: Callable[[Any], Any]) -> Any:
    return [change(item) for item in items] if isinstance(items, list) else items


def entity(given: Any) -> Any:
    if not isinstance(given, dict):
        return given
    found = with_text(present(given))
    for section, change in (("fields", field), ("rules", rule), ("keys", plain), ("indexes", plain)):
        if section in found:
            found[section] = each(found[section], change)
    return found


def field(given: Any) -> Any:
    if not isinstance(given, dict):
        return given
    found = with_text(present(given))
    if isinstance(found.get("choices"), list):
        found["choices"] = each(found["choices"], choice)
    if isinstance(found.get("transitions"), dict):
        found["transitions"] = {name: each(values, text) for name, values in found["transitions"].items()}
    found |= {"initial": each(found["initial"], text)} if "initial" in found else {}
    for key in ("min", "max"):
        if key in found:
            found[key] = bound(found[key], found.get("type"))
    return found


def rule(given: Any) -> Any:
    if not isinstance(given, dict):
        return given
    found = with_text(present(given))
    return {**found, "no_overlap": plain(found["no_overlap"])} if "no_overlap" in found else found


def role(given: Any) -> Any:
    if not isinstance(given, dict):
        return given
    found = present(given)
    if "grants" in found:
        found["grants"] = each(found["grants"], plain)
    return found


def plain(given: Any) -> Any:
    return present(given) if isinstance(given, dict) else given


def with_text(element: Element) -> Element:
    """An expression is text, also where YAML reads a number or true."""
    for key in EXPRESSIONS:
        if isinstance(element.get(key), bool | int | Decimal):
            element[key] = as_text(element[key])
    return element


def choice(given: Any) -> Any:
    """A choice with nothing but its value is the value; a label that repeats the value is none."""
    if not isinstance(given, dict):
        return text(given)
    found = present(given)
    if "value" in found:
        found["value"] = text(found["value"])
    if found.get("label") == found.get("value"):
        found.pop("label", None)
    if isinstance(found.get("when"), dict):
        found["when"] = {name: each(values, text) for name, values in found["when"].items()}
    return found["value"] if set(found) == {"value"} else found


def text(given: Any) -> Any:
    return as_text(given) if isinstance(given, bool | int | Decimal) else given


def bound(value: Any, kind: Any) -> Any:
    """The least and greatest number are numbers, of everything else texts."""
    if kind in NUMERIC and isinstance(value, str):
        number = scalar(value)
        return value if number is None or isinstance(number, bool) else number
    return value if kind in NUMERIC else text(value)
