"""Read the header `Prefer`."""

from dataclasses import dataclass, replace
from typing import Literal, cast

from server.database.errors import Refusal

WORDS = {
    "return": ("minimal", "representation", "headers-only"),
    "count": ("exact", "planned", "estimated"),
    "resolution": ("merge-duplicates", "ignore-duplicates"),
    "missing": ("default", "null"),
    "tx": ("commit", "rollback"),
    "handling": ("strict", "lenient"),
}


@dataclass(frozen=True, slots=True)
class Preference:
    """What the caller prefers; `applied` are the preferences that are kept, as they were written."""

    answer: Literal["minimal", "representation", "headers-only"] = "minimal"
    count: Literal["exact", "planned", "estimated"] | None = None
    resolution: Literal["merge-duplicates", "ignore-duplicates"] | None = None
    missing_default: bool = False
    keep: bool = True
    most_affected: int | None = None
    time_zone: str | None = None
    applied: tuple[str, ...] = ()


def read_preference(header: str) -> Preference:
    """The preferences; unknown ones are passed over unless `handling=strict` is among them."""
    found: dict[str, str] = {}
    invalid = []
    for text in filter(None, (each.strip() for each in header.split(","))):
        name, _, value = text.partition("=")
        if value in WORDS.get(name, ()) or _free(name, value):
            found.setdefault(name, value)
        else:
            invalid.append(text)
    if invalid and found.get("handling") == "strict":
        raise Refusal(400, "PGRST122", "Invalid preferences given with handling=strict")
    return _preference(found)


def _free(name: str, value: str) -> bool:
    if name == "max-affected":
        return value.isascii() and value.isdigit() and len(value) < 19
    return name == "timezone" and bool(value)


def _preference(found: dict[str, str]) -> Preference:
    preference = Preference(
        missing_default=found.get("missing") == "default",
        keep=found.get("tx") != "rollback",
        time_zone=found.get("timezone"),
        applied=tuple(f"{name}={value}" for name, value in found.items()),
    )
    if "return" in found:
        answer = cast(Literal["minimal", "representation", "headers-only"], found["return"])
        preference = replace(preference, answer=answer)
    if "count" in found:
        count = cast(Literal["exact", "planned", "estimated"], found["count"])
        preference = replace(preference, count=count)
    if "resolution" in found:
        resolution = cast(Literal["merge-duplicates", "ignore-duplicates"], found["resolution"])
        preference = replace(preference, resolution=resolution)
    if "max-affected" in found and found.get("handling") == "strict":
        preference = replace(preference, most_affected=int(found["max-affected"]))
    return preference
