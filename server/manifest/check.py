"""What is wrong with a manifest, and its expressions as SQL."""

from copy import deepcopy
from typing import Any

from server.expressions import Expression, ExpressionError, Fault, check
from server.manifest.bounds import bound_problems
from server.manifest.document import Manifest, ManifestError, Problem
from server.manifest.shape import shape_problems
from server.manifest.slots import Slot, slots


def problems(manifest: Manifest) -> list[Problem]:
    """Every mistake of shape and every expression that is refused, in the order of the document."""
    found = [*shape_problems(manifest), *bound_problems(manifest), *expression_problems(manifest)]
    unique = dict.fromkeys(found)
    return sorted(unique, key=lambda problem: problem.line or 0)


def expression_problems(manifest: Manifest) -> list[Problem]:
    found = []
    for slot in slots(manifest.data):
        try:
            checked(slot)
        except ExpressionError as error:
            found += [manifest.problem(slot.path, placed(slot.text, fault)) for fault in error.faults]
    return found


def placed(text: str, fault: Fault) -> str:
    """A fault with its place in the expression, not in the file: YAML may wrap and escape it."""
    line = f"line {fault.line}, " if "\n" in text.strip() else ""
    return f"{fault.message} ({line}column {fault.column} of: {short(text)})"


def short(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= 80 else plain[:79] + "…"


def checked(slot: Slot) -> Expression:
    return check(slot.text, slot.names, want=slot.want, context=slot.context)


def compiled(manifest: Manifest) -> dict[str, Any]:
    """The manifest with the canonical SQL beside each expression; raises ManifestError.

    Adds `default_sql`, `formula_sql` and `check_sql`, and to every entity `title_sql`, also where the
    title is left out.
    """
    mistakes = problems(manifest)
    if mistakes:
        raise ManifestError(mistakes, manifest.name)
    return with_sql(manifest)


def with_sql(manifest: Manifest) -> dict[str, Any]:
    """As compiled(), for a manifest that was found to have no problems."""
    data = deepcopy(manifest.data)
    for slot in slots(data):
        slot.holder[slot.sql_key] = checked(slot).sql
    return data
